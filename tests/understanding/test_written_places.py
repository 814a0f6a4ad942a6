"""Every kelurahan is found however it is written: run together, apart, in capitals, with one slip of a finger."""

import random
from collections import Counter

import pytest

from routing.measure_place import Spot, place_outcome

SEED = 75
HEADS = (
    "jati", "marga", "duren", "aren", "jaka", "harapan", "pekayon", "kayuringin", "sepanjang", "bojong", "medan",
    "kali", "ciketing", "sumur", "mustika", "bintara", "kota", "bantar", "bekasi",
)  # fmt: skip
CARRIERS = (
    "lampu jalan mati di {}",
    "got mampet, kelurahan {} rt 03 rw 05",
    "{}: sampah numpuk dari kemarin",
    "mohon diperbaiki jalan berlubang wilayah {} dekat masjid",
)


def apart(name):
    low = name.casefold()
    head = next((h for h in HEADS if low.startswith(h) and len(low) - len(h) >= 3 and low[len(h)] != " "), "")
    return f"{low[: len(head)]} {low[len(head) :]}" if head else low


def slip(name):
    """One letter left out, doubled or swapped with its neighbour, not the first."""
    dice = random.Random(f"{SEED}{name}")
    i = dice.randrange(2, len(name) - 2)
    return dice.choice(
        (name[:i] + name[i + 1 :], name[:i] + name[i] + name[i:], name[:i] + name[i + 1] + name[i] + name[i + 2 :])
    )


# way of writing: (how, right at least, right or asked at least, silently wrong at most)
WAYS = {
    "official": (str, 0.85, 1.0, 0.0),
    "small": (str.lower, 0.85, 1.0, 0.0),
    "capitals": (str.upper, 0.85, 1.0, 0.0),
    "together": (lambda name: name.replace(" ", "").lower(), 0.85, 1.0, 0.0),
    "apart": (apart, 0.8, 1.0, 0.0),
    "slip": (slip, 0.75, 0.98, 0.01),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_every_kelurahan_however_it_is_written(bekasi, way):
    write, right, kept, wrong = WAYS[way]
    outcomes = Counter()
    astray = []
    for k in bekasi.places.kelurahan:
        spots = [Spot(k.name, k.kecamatan)]
        spots += [Spot(kecamatan=k.name)] if k.name in bekasi.places.kecamatan else []
        for carrier in CARRIERS:
            text = carrier.format(write(k.name))
            outcome = place_outcome(spots, bekasi.places.read(text))
            outcomes[outcome] += 1
            astray += [text] if outcome == "silently_wrong" else []
    of = outcomes.total()
    print(f"\n{way}: {dict(outcomes)}")
    assert outcomes["right"] >= right * of, outcomes
    assert outcomes["right"] + outcomes["asked"] >= kept * of, outcomes
    assert outcomes["silently_wrong"] <= wrong * of, astray


def test_no_place_is_no_place(bekasi, exam):
    """Sentences of one kind of damage name no place unless the exam says so; few may seem to."""
    rows = [row["text"] for row in exam if row["style"] == "symptom" and not row["place"]]
    seen = [text for text in rows if bekasi.places.read(text).clear]
    print(f"\na place seen in {len(seen)} of {len(rows)} symptoms")
    assert len(seen) <= 0.02 * len(rows), seen
