import math
import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.place import CELL_METRES, PlaceReading, cell, distance_m, map_link, parse_point, surroundings
from routing.point import LinkOnly, Point
from tests.halls import hall

HERE = Point(-6.2334, 107.0136)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("jl mawar bekasi jaya", ["Bekasijaya"]),
        ("Kayu Ringin Jaya rt 3", ["Kayuringinjaya"]),
        ("kayuringn jaya", ["Kayuringinjaya"]),
        ("di jati bening baru dekat pasar", ["Jatibening Baru"]),
        ("perumnas aren jaya", ["Arenjaya"]),
        ("mustikasari", ["Mustikasari"]),
        ("teluk pucung", ["Teluk Pucung"]),
    ],
)
def test_kelurahan_are_found_by_words(bekasi, text, names):
    found = [g.kelurahan.name for g in bekasi.places.read(text).candidates if g.kelurahan]
    assert found[: len(names)] == names


def test_a_name_of_both_kecamatan_and_kelurahan_is_asked_about(bekasi):
    found = bekasi.places.read("jati asih")
    assert found.candidates[0].kelurahan.name == "Jatiasih"
    assert len(found.candidates) == 6
    assert found.clear is None
    assert found.candidates[0].score - found.candidates[1].score <= 0.1


def test_a_kecamatan_alone_is_found_and_no_place_is_no_guess(bekasi):
    first, *rest = bekasi.places.read("daerah pondok gede").candidates
    assert (first.kelurahan, first.kecamatan) == (None, "Pondokgede")
    assert len(rest) == 5
    for text in ("lampu jalan mati depan sekolah", "", "lampu sepanjang jalan padam", "gaji karyawan belum dibayar"):
        assert bekasi.places.read(text) == PlaceReading()


def test_every_kelurahan_is_found_by_its_own_name_and_point(bekasi):
    for k in bekasi.places.kelurahan:
        assert k in [g.kelurahan for g in bekasi.places.read(f"kel. {k.name}").candidates]
        assert bekasi.places.nearest(k.lat, k.lon)[0].kelurahan == k


def test_three_nearest_with_their_distance(bekasi):
    found = bekasi.places.nearest(HERE.lat, HERE.lon)
    assert [near.kelurahan.name for near in found] == ["Bekasijaya", "Durenjaya", "Margamulya"]
    assert found[0].metres < 10
    assert found[1].metres == pytest.approx(distance_m((HERE.lat, HERE.lon), (-6.237486, 107.023249)), abs=1)


def test_the_box_tells_what_is_certainly_outside(bekasi):
    assert bekasi.places.inside(HERE.lat, HERE.lon)
    assert not bekasi.places.inside(-6.9, 107.6)


@pytest.mark.parametrize(
    ("text", "neighbour"),
    [
        ("jalan rusak di cikarang barat", "Kabupaten Bekasi"),
        ("tambun selatan banjir", "Kabupaten Bekasi"),
        ("depan margonda depok", "Kota Depok"),
        ("jalan tol bekasi timur km 16", "pengelola jalan tol"),
        ("lampu mati di jatiasih", ""),
        ("tolong dibantu", ""),
    ],
)
def test_words_that_point_outside(bekasi, text, neighbour):
    assert bekasi.places.read(text).outside == neighbour


@pytest.mark.parametrize(
    "text",
    [
        "-6.2334, 107.0136",
        "-6.2334,107.0136",
        "-6.2334 107.0136",
        "107.0136, -6.2334",
        "-6,2334 107,0136",
        "lokasi: -6.2334, 107.0136 dekat pasar",
        "https://www.google.com/maps?q=-6.2334,107.0136",
        "https://maps.google.com/?q=-6.2334%2C107.0136",
        "https://maps.google.com/maps?q=loc:-6.2334,107.0136&z=15",
        "https://www.google.com/maps/search/?api=1&query=-6.2334%2C107.0136",
        "https://www.google.com/maps/@-6.2334,107.0136,17z",
        "https://www.google.com/maps/place/Toko/@-6.5,107.5,17z/data=!3m1!4b1!4m6!3m5!1s0x0:0x0!8m2!3d-6.2334!4d107.0136",
        "https://www.google.com/maps/search/-6.2334,+107.0136?entry=tts",
        "https://www.google.co.id/maps/dir//-6.2334,107.0136/@-6.9,107.9,12z",
        "cek https://www.openstreetmap.org/?mlat=-6.2334&mlon=107.0136#map=5/1.0/2.0",
        "https://www.openstreetmap.org/#map=17/-6.2334/107.0136",
        "https://maps.apple.com/?ll=-6.2334,107.0136&q=Pin",
        "https://maps.apple.com/place?coordinate=-6.2334,107.0136",
        "https://waze.com/ul?ll=-6.2334,107.0136&navigate=yes",
        "geo:-6.2334,107.0136?z=19",
        "geo:-6.2334,107.0136;u=35",
    ],
)
def test_points_are_read_from_what_people_paste(text):
    assert parse_point(text) == HERE


def test_degrees_minutes_seconds_are_read():
    found = parse_point("6°14'00.2\"S 107°00'49.0\"E")
    assert isinstance(found, Point)
    assert distance_m((found.lat, found.lon), (HERE.lat, HERE.lon)) < 40
    assert parse_point("6,5 LS") is None


@pytest.mark.parametrize(
    "text",
    [
        "https://maps.app.goo.gl/AbCdEf123",
        "maps.app.goo.gl/AbCdEf123",
        "https://goo.gl/maps/xyz",
        "https://www.google.com/maps/place/Stasiun+Bekasi",
        "https://maps.apple.com/?address=Jalan%20Mawar",
    ],
)
def test_a_link_without_a_point_is_told_apart(text):
    assert isinstance(parse_point(text), LinkOnly)


@pytest.mark.parametrize(
    "text",
    ["", "jalan mawar no 3", "rt 03 rw 05", "081234567890", "harga 12.500, 13.500", "0,0", "-95.12345, 190.12345",
     "https://contoh.id/berita/1.2345", "jam 07.30 sampai 09.45", "😀"],
)  # fmt: skip
def test_no_point_where_there_is_none(text):
    assert parse_point(text) is None


def test_whoever_is_within_reach_lies_in_a_neighbouring_cell():
    dice = random.Random(3)
    for _ in range(2000):
        lat, lon = dice.uniform(-6.4, -6.1), dice.uniform(106.9, 107.1)
        reach = dice.choice([50, 250, 1000])
        bearing, metres = dice.uniform(0, 2 * math.pi), dice.uniform(0, reach * 0.998)
        other = (
            lat + metres * math.cos(bearing) / 111_195,
            lon + metres * math.sin(bearing) / (111_195 * math.cos(math.radians(lat))),
        )
        around = surroundings(lat, lon, reach)
        assert cell(*other) in around.cells
        assert around.box.holds(*other)


def test_cells_are_few_whole_numbers_that_fit_a_column():
    near = surroundings(HERE.lat, HERE.lon, CELL_METRES).cells
    assert 4 <= len(near) <= 16
    assert cell(HERE.lat, HERE.lon) in near
    assert all(isinstance(c, int) and 0 < c < 2**63 for c in near)
    assert cell(HERE.lat, HERE.lon) != cell(HERE.lat + 0.01, HERE.lon)


def test_a_map_link_leads_back_to_its_point():
    assert parse_point(map_link(HERE.lat, HERE.lon)) == HERE


@cache
def places():
    """Not the fixture: hypothesis would print the whole city."""
    return hall().places


@given(st.floats(-6.40, -6.17), st.floats(106.89, 107.05))
def test_the_quick_choice_of_candidates_finds_the_same_three_as_measuring_all(lat, lon):
    measured = sorted(places().kelurahan, key=lambda k: distance_m((lat, lon), (k.lat, k.lon)))
    assert [near.kelurahan for near in places().nearest(lat, lon)] == measured[:3]
