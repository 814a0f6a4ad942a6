"""Points in areas: holes, several parts, borders, and the speed a pin may cost."""

import random
import time

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


def test_sixty_areas_of_a_thousand_corners_are_asked_fast():
    dice = random.Random(1)

    def ragged(west, south):
        return [(west + n / 250, south + dice.uniform(0, 0.2)) for n in range(250)] + [
            (west + 1 - n / 250, south + 0.8 + dice.uniform(0, 0.2)) for n in range(750)
        ]

    areas = Areas([Area(f"{i}", (ragged(i % 8, i // 8),)) for i in range(60)])
    points = [(dice.uniform(0, 8), dice.uniform(0, 8)) for _ in range(200)]
    begin = time.perf_counter()
    for lat, lon in points:
        areas.at(lat, lon)
    assert (time.perf_counter() - begin) / len(points) < 0.002  # about 0.1 ms; generous for a busy machine
