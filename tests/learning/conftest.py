"""A small invented town whose reports can be learned from."""

import random
from collections.abc import Mapping, Sequence

import pytest

from learning.lessons import Beforehand, Example, Lesson

# Words that the town's people use for each matter; nobody has told the program about them.
TALK: Mapping[str, Sequence[str]] = {
    "LAMP": ("gelap", "padam", "tiang", "bohlam", "redup", "malam"),
    "ROAD": ("lubang", "aspal", "retak", "motor", "jatuh", "ban"),
    "WASTE": ("sampah", "bau", "lalat", "tumpuk", "truk", "angkut"),
}
COMMON = ("depan", "rumah", "tolong", "sudah", "lama", "pasar", "sekolah")
COLD_WORDS = {"lampu": "LAMP", "jalan": "ROAD", "sampah": "WASTE", "api": "FIRE"}


def stems(text: str) -> list[str]:
    return text.lower().split()


def cold(text: str) -> dict[str, float]:
    """Knows one word of each category."""
    return {COLD_WORDS[word]: 0.9 for word in stems(text) if word in COLD_WORDS}


@pytest.fixture(scope="session")
def beforehand() -> Beforehand:
    phrases = {
        "LAMP": ["lampu mati"],
        "ROAD": ["jalan rusak"],
        "WASTE": ["sampah"],
        "FIRE": ["api besar"],
        "OTHER": ["x"],
    }
    return Beforehand("kota-anu", phrases, stems, cold)


def reports(count: int, seed: int = 1) -> list[Example]:
    dice = random.Random(seed)
    found = []
    for i in range(count):
        category = ("LAMP", "ROAD", "WASTE")[i % 3]
        said = dice.sample(TALK[category], 3) + dice.sample(COMMON, 3)
        dice.shuffle(said)
        found.append(Example(" ".join(said), category))
    return found


def train(examples: Sequence[Example], beforehand: Beforehand) -> Lesson:
    """The learner itself, loaded only where it is used: that takes a worker of the tests more than a second."""
    from learning.train import train

    return train(examples, beforehand)


@pytest.fixture(scope="session")
def lesson(beforehand: Beforehand) -> Lesson:
    return train(reports(240), beforehand)
