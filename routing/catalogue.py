"""What a city's people can complain about and which office owns it; the lists check themselves when built."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, TypeVar, get_args

from msgspec import Struct, field

from routing.errors import (
    BadValue,
    DuplicateCode,
    EmptyGroup,
    MissingTell,
    NoOwner,
    NoPhrases,
    UnknownAgency,
    UnknownCategory,
    UnknownGroup,
    UnknownOwner,
)

AgencyKind = Literal["opd", "bumd", "kecamatan", "external"]
EmergencyRule = Literal["yes", "cond", "no"]
Proof = Literal["photo", "photo_or_reason", "reason"]
HOURS = (24, 48, 72)


class Agency(Struct, frozen=True):
    """An office that answers complaints; `name` is its full Indonesian name, `head` the title of who leads it."""

    code: str
    name: str
    short: str
    kind: AgencyKind
    head: str = ""


class Owner(Struct, frozen=True):
    """Who answers for a category, from that day on (inclusive)."""

    agency: str
    valid_from: date


class Category(Struct, frozen=True):
    """One kind of problem. `hours` is the promise for the first real answer.

    `tell` says which number to call (`yes`) or when to call it (`cond`); it is part of a sentence.
    `confidential`: the citizen's name is withheld unless they choose otherwise.
    `placeless`: a service rather than a place ("KTP"): a report of it may go without one.
    `round_the_clock`: officers are nudged at night too.
    `phrases` are what citizens say; each of the `things` ("lampu jalan") may have any of the `troubles` ("padam").
    `weight` lifts (above 1) or lowers a category in the ranking where the city's experience says so.
    """

    code: str
    name: str
    name_en: str
    hours: int
    group: str
    owners: tuple[Owner, ...]
    phrases: tuple[str, ...]
    emergency: EmergencyRule = "no"
    tell: str = ""
    tell_en: str = ""
    proof: Proof = "photo_or_reason"
    confidential: bool = False
    placeless: bool = False
    round_the_clock: bool = False
    weight: float = 1.0
    things: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


class MenuGroup(Struct, frozen=True):
    """One button of the first menu level and the category codes behind it, in their order."""

    code: str
    label_id: str
    label_en: str
    categories: tuple[str, ...]


class Catalogue(Struct, frozen=True):
    """Categories, agencies and menu of one city. Build it with `build`, which checks every cross reference."""

    categories: Mapping[str, Category]
    agencies: Mapping[str, Agency]
    groups: tuple[MenuGroup, ...]
    triage: str
    fallback: str
    _by_folded: Mapping[str, str] = field(default_factory=dict)

    def category(self, code: str) -> Category:
        """The category of exactly this code. Raises UnknownCategory."""
        try:
            return self.categories[code]
        except KeyError:
            raise UnknownCategory(code=code) from None

    def agency(self, code: str) -> Agency:
        """The agency of this code in any case (`dishub` finds DISHUB). Raises UnknownAgency."""
        found = self._by_folded.get(code.strip().casefold())
        if found is None:
            raise UnknownAgency(code=code, known=", ".join(self.agencies))
        return self.agencies[found]

    def owner(self, category_code: str, on: date) -> Agency:
        """Who owns the category on that day: the latest owner whose valid_from is not after it; before the first
        of them it is the triage desk."""
        valid = [o for o in self.category(category_code).owners if o.valid_from <= on]
        if not valid:
            return self.agencies[self.triage]
        return self.agencies[max(valid, key=lambda o: o.valid_from).agency]


def build(
    agencies: Iterable[Agency],
    categories: Iterable[Category],
    groups: Iterable[tuple[str, str, str]],
    *,
    triage: str,
    fallback: str,
) -> Catalogue:
    """Put the lists together and check them. `groups` are (code, Indonesian label, English label) in menu order.

    raises: a CatalogueError that names what is wrong and what to change
    """
    by_agency = _unique("Agency", agencies)
    by_category = _unique("Category", categories)
    for category in by_category.values():
        _check(category, by_agency)
    for agency in by_agency.values():
        _one_of(f"Agency {agency.code}", "kind", agency.kind, get_args(AgencyKind))
    menu = _menu(list(groups), by_category)
    if triage not in by_agency:
        raise UnknownAgency(code=triage, known=", ".join(by_agency))
    if fallback not in by_category:
        raise UnknownCategory(code=fallback)
    folded = {code.casefold(): code for code in by_agency}
    return Catalogue(by_category, by_agency, menu, triage, fallback, folded)


T = TypeVar("T", Agency, Category)


def _unique(kind: str, items: Iterable[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for item in items:
        if item.code.casefold() in {code.casefold() for code in found}:
            raise DuplicateCode(kind=kind, code=item.code)
        found[item.code] = item
    return found


def _check(category: Category, agencies: Mapping[str, Agency]) -> None:
    where = f"Category {category.code}"
    _one_of(where, "hours", category.hours, HOURS)
    _one_of(where, "emergency", category.emergency, get_args(EmergencyRule))
    _one_of(where, "proof", category.proof, get_args(Proof))
    if category.emergency != "no" and not (category.tell and category.tell_en):
        raise MissingTell(category=category.code)
    if not category.phrases:
        raise NoPhrases(category=category.code)
    if not category.owners:
        raise NoOwner(category=category.code, on="any day")
    for owner in category.owners:
        if owner.agency not in agencies:
            raise UnknownOwner(category=category.code, agency=owner.agency)


def _one_of(where: str, field_name: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        raise BadValue(where=where, field=field_name, value=repr(value), expected=" or ".join(map(str, allowed)))


def _menu(groups: list[tuple[str, str, str]], categories: Mapping[str, Category]) -> tuple[MenuGroup, ...]:
    members: dict[str, list[str]] = {}
    for code, _, _ in groups:
        if code in members:
            raise DuplicateCode(kind="Menu group", code=code)
        members[code] = []
    for category in categories.values():
        if category.group not in members:
            raise UnknownGroup(category=category.code, group=category.group)
        members[category.group].append(category.code)
    for code, inside in members.items():
        if not inside:
            raise EmptyGroup(group=code)
    return tuple(MenuGroup(code, label, label_en, tuple(members[code])) for code, label, label_en in groups)
