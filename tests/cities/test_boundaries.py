"""A city drops its boundaries in: pins are exact then, and a wrong file is told in words one can act on."""

import json
import shutil
from pathlib import Path

import pytest

from cities import loader
from cities.boundaries import boundaries
from cities.errors import CityError
from cities.loader import load_city
from routing.place import Places


@pytest.fixture
def load(tmp_path: Path, bekasi):
    """Reads boundaries of the given content into the city's places."""

    def read(content: object) -> Places:
        text = content if isinstance(content, str) else json.dumps({"type": "FeatureCollection", "features": content})
        file = tmp_path / "boundaries.geojson"
        file.write_text(text, "utf-8")
        known, box = bekasi.places.kelurahan, bekasi.places.box
        return Places(known, box, areas=boundaries(file, known, box))

    return read


def square(lat: float, lon: float, size: float = 0.004) -> list[list[float]]:
    west, east, south, north = lon - size, lon + size, lat - size, lat + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def features(bekasi, key: str = "kode") -> list[dict]:
    """A square around each kelurahan's point: not the truth, but a file of the right form."""
    return [
        {
            "type": "Feature",
            "properties": {key: k.code if key == "kode" else f"Kelurahan {k.name.upper()}"},
            "geometry": {"type": "Polygon", "coordinates": [square(k.lat, k.lon)]},
        }
        for k in bekasi.places.kelurahan
    ]


@pytest.mark.parametrize("key", ["kode", "NAMOBJ"])
def test_with_boundaries_a_pin_has_one_kelurahan_and_outside_is_known(load, bekasi, key):
    places = load(features(bekasi, key))
    for k in places.kelurahan:
        assert places.likely(k.lat, k.lon)[0].kelurahan == k
    kranji = next(k for k in places.kelurahan if k.name == "Kranji")
    assert [near.kelurahan for near in places.likely(kranji.lat, kranji.lon)] == [kranji]
    assert places.inside(kranji.lat, kranji.lon)
    assert not places.inside(-6.39, 107.04), "in the box, but in nobody's area"
    assert bekasi.places.inside(-6.39, 107.04), "without boundaries only the box is known"


def test_a_neighbours_area_tells_whose_the_point_is(load, bekasi):
    over = {
        "properties": {"tetangga": "Kabupaten Bekasi"},
        "geometry": {"type": "MultiPolygon", "coordinates": [[square(-6.39, 107.04)]]},
    }
    places = load([*features(bekasi), over])
    assert places.owner_at(-6.39, 107.04) == "Kabupaten Bekasi"
    assert places.owner_at(-6.9, 107.6) == ""
    assert not places.inside(-6.39, 107.04)


def test_a_file_in_the_citys_folder_is_taken_up(tmp_path, bekasi, monkeypatch):
    monkeypatch.setattr(loader, "Understander", lambda *_: bekasi.understander)  # there already; places are not
    home = tmp_path / "kota-bekasi"
    shutil.copytree(loader.HERE / "kota-bekasi", home)
    content = {"type": "FeatureCollection", "features": features(bekasi)}
    (home / "boundaries.geojson").write_text(json.dumps(content), "utf-8")
    assert load_city("kota-bekasi", tmp_path).places.areas is not None


def test_without_the_file_three_are_offered(bekasi):
    assert bekasi.places.areas is None
    assert len(bekasi.places.likely(-6.2334, 107.0136)) == 3


def changed(bekasi, change) -> list[dict]:
    listed = features(bekasi)
    change(listed)
    return listed


def swap(listed):
    for feature in listed:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"] = [[[lat, lon] for lon, lat in ring]]


def project(listed):
    listed[3]["geometry"]["coordinates"] = [[[722_000.0, 9_310_000.0], [723_000.0, 9_310_000.0], [722_500.0, 9.3e6]]]


def mix_up(listed):
    codes = [feature["properties"] for feature in listed]
    for feature, properties in zip(listed, codes[7:] + codes[:7], strict=True):
        feature["properties"] = properties


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda fs: fs.pop(), r"lacks 1 of 56 kelurahan"),
        (lambda fs: fs[4].update(properties={"kelurahan": "Atlantis"}), r"feature 5.*'Atlantis' is no kelurahan"),
        (lambda fs: fs[4].update(properties={"luas": 3}), r"feature 5.*names no kelurahan.*luas"),
        (lambda fs: fs[4].update(properties=None), r"feature 5.*no properties"),
        (lambda fs: fs[4].update(geometry=None), r"feature 5.*no geometry"),
        (lambda fs: fs[0].update(geometry={"type": "Point", "coordinates": [107, -6]}), r"feature 1.*is a Point"),
        (lambda fs: fs[0]["geometry"].update(coordinates=[]), r"feature 1.*(no coordinates|empty)"),
        (lambda fs: fs[0]["geometry"].update(coordinates=[[[107, -6], [107, -6]]]), r"fewer than three"),
        (lambda fs: fs[0]["geometry"].update(coordinates=[[["a", "b"]] * 4]), r"no numbers"),
        (lambda fs: fs[0]["geometry"].update(coordinates=[[None] * 4]), r"no numbers"),
        (lambda fs: fs[0]["geometry"].update(coordinates=[[[float("nan"), -6.2]] * 4]), r"no numbers"),
        (lambda fs: fs[0]["geometry"].update(coordinates=[square(-7.5, 110.0)]), r"far outside the box"),
        (swap, r"swapped"),
        (project, r"feature 4.*metres, not degrees.*4326"),
        (mix_up, r"points of .* lie in other areas"),
        (lambda fs: fs.__setitem__(2, 17), r"feature 3"),
    ],
)
def test_a_wrong_file_is_told_with_its_remedy(load, bekasi, change, told):
    with pytest.raises(CityError, match=told) as found:
        load(changed(bekasi, change))
    assert "boundaries.geojson" in str(found.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"features": []}', '{"features": {}}', "[" * 50_000, "\ufeff{}"]
)
def test_what_is_no_geojson_is_refused(load, text):
    with pytest.raises(CityError, match=r"boundaries\.geojson.*[Ee]xport"):
        load(text)


def test_holes_and_several_parts_are_understood(load, bekasi):
    listed = features(bekasi)
    first = bekasi.places.kelurahan[0]
    hole = square(first.lat + 0.002, first.lon + 0.002, 0.0005)
    part = square(-6.39, 107.03)
    listed[0]["geometry"] = {"type": "MultiPolygon", "coordinates": [[square(first.lat, first.lon), hole], [part]]}
    places = load(listed)
    assert places.areas is not None
    assert places.areas.at(first.lat + 0.002, first.lon + 0.002) is None
    assert places.likely(-6.39, 107.03)[0].kelurahan == first
