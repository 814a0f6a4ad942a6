"""Points in areas: holes, several parts, borders, and the speed a pin may cost."""

from hypothesis import given
from hypothesis import strategies as st

from routing.polygons import Area, Areas


def box(west, south, east, north):
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


LEFT = Area("left", (box(0, 0, 1, 1),))
RIGHT = Area("right", (box(1, 0, 2, 1), box(1.4, 0.4, 1.6, 0.6)))
ISLAND = Area("left", (box(1.4, 0.4, 1.6, 0.6),))
BEYOND = Area("Kabupaten Sebelah", (box(2, 0, 3, 1),), ours=False)
AREAS = Areas([LEFT, RIGHT, ISLAND, BEYOND])


def name(lat, lon):
    found = AREAS.at(lat, lon)
    return found and found.name


def test_a_point_lies_in_its_area_a_hole_in_none_and_an_island_belongs_to_its_own():
    assert name(0.5, 0.5) == "left"
    assert name(0.2, 1.2) == "right"
    assert name(0.5, 1.5) == "left"
    assert name(0.5, 2.5) == "Kabupaten Sebelah"
    assert name(0.5, 3.5) is None
    assert Areas([RIGHT]).at(0.5, 1.5) is None


def test_near_a_border_both_sides_are_possible_and_the_own_side_comes_first():
    metre = 1 / 111_195
    assert AREAS.within(0.1, 1 - 10 * metre, 40) == ["left", "right"]
    assert AREAS.within(0.1, 1 + 10 * metre, 40) == ["right", "left"]
    assert AREAS.within(0.1, 1 + 60 * metre, 40) == ["right"]
    assert AREAS.within(0.1, 2 + 10 * metre, 40) == ["right"]
    assert AREAS.within(0.1, 2 + 60 * metre, 40) == []


@given(st.floats(-0.5, 1.5), st.floats(-0.5, 2.5))
def test_boxes_agree_with_plain_comparison(lat, lon):
    found = Areas([LEFT, Area("right", (box(1, 0, 2, 1),))]).at(lat, lon)
    if 0 < lat < 1 and 0 < lon < 2 and lon != 1:
        assert found is not None
        assert found.name == ("left" if lon < 1 else "right")
    elif not (0 <= lat <= 1 and 0 <= lon <= 2):
        assert found is None
