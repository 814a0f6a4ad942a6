from datetime import date

import pytest
from msgspec.structs import replace

from routing import errors
from routing.catalogue import Agency, Category, Owner, build

DLH = Agency("DLH", "Dinas Lingkungan Hidup", "DLH", "opd")
DISHUB = Agency("DISHUB", "Dinas Perhubungan", "Dishub", "opd")
LAMP = Category(
    "PJU", "Lampu jalan", "Street light", 24, "lampu", (Owner("DISHUB", date(2020, 1, 1)),), ("lampu jalan mati",)
)
GROUPS = [("lampu", "Lampu", "Lights")]


def catalogue(*categories, agencies=(DLH, DISHUB), groups=GROUPS, triage="DLH", fallback="PJU"):
    return build(agencies, categories or (LAMP,), groups, triage=triage, fallback=fallback)


def test_the_owner_is_the_one_valid_on_that_day():
    lamp = replace(LAMP, owners=(Owner("DISHUB", date(2025, 11, 1)), Owner("DLH", date(2019, 1, 1))))
    book = catalogue(lamp)
    assert book.owner("PJU", date(2025, 10, 31)).code == "DLH"
    assert book.owner("PJU", date(2025, 11, 1)).code == "DISHUB"


def test_before_the_first_owner_begins_the_triage_desk_has_it():
    later = replace(LAMP, owners=(Owner("DISHUB", date(2030, 1, 1)),))
    assert catalogue(later, triage="DLH").owner("PJU", date(2026, 11, 30)).code == "DLH"


def test_agencies_are_found_in_any_case_and_a_wrong_code_is_told_the_right_ones():
    assert catalogue().agency(" dishub ").code == "DISHUB"
    with pytest.raises(errors.UnknownAgency, match="Known are: DLH, DISHUB"):
        catalogue().agency("dinkes")


def test_menu_groups_hold_their_categories_in_order():
    second = replace(LAMP, code="APILL")
    assert catalogue(LAMP, second).groups[0].categories == ("PJU", "APILL")


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (replace(LAMP, owners=(Owner("DINKES", date(2020, 1, 1)),)), errors.UnknownOwner),
        (replace(LAMP, owners=()), errors.NoOwner),
        (replace(LAMP, group="air"), errors.UnknownGroup),
        (replace(LAMP, hours=36), errors.BadValue),
        (replace(LAMP, emergency="maybe"), errors.BadValue),
        (replace(LAMP, proof="video"), errors.BadValue),
        (replace(LAMP, emergency="yes"), errors.MissingTell),
        (replace(LAMP, phrases=()), errors.NoPhrases),
    ],
)
def test_a_broken_category_is_refused_by_name(broken, error):
    with pytest.raises(error, match="PJU"):
        catalogue(broken)


def test_double_codes_and_empty_groups_are_refused():
    with pytest.raises(errors.DuplicateCode, match="pju"):
        catalogue(LAMP, replace(LAMP, code="pju"))
    with pytest.raises(errors.DuplicateCode, match="Agency"):
        catalogue(agencies=(DLH, DLH, DISHUB))
    with pytest.raises(errors.EmptyGroup, match="air"):
        catalogue(groups=[*GROUPS, ("air", "Air", "Water")])
    with pytest.raises(errors.UnknownAgency):
        catalogue(triage="NOBODY")
    with pytest.raises(errors.UnknownCategory):
        catalogue(fallback="LAINNYA")
