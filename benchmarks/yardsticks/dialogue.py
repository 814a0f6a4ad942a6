"""What every yardstick bot knows: phrases, words, the fuzzy match and how it is reached."""

from __future__ import annotations

import itertools
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process

CITIES = Path(__file__).parents[2] / "cities"
PHRASE_COUNT = 400
YES, NO, SEND, CANCEL = "Ya, benar", "Bukan", "Kirim", "Batal"
HELLO = "Halo. Ceritakan keluhan Anda dengan kata-kata sendiri."
ASK_LOCATION = "Di mana lokasinya? Kirim pin lokasi."
ASK_PHOTO = "Kirim foto kejadiannya."
UNSURE = 50.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a yardstick listens and which Bot API it talks to, from its environment."""

    port: int
    api: str
    token: str
    secret: str

    @staticmethod
    def from_environment() -> Place:
        return Place(
            int(os.environ["PORT"]), os.environ["TELEGRAM_API_URL"], os.environ["TELEGRAM_BOT_TOKEN"],
            os.environ["TELEGRAM_WEBHOOK_SECRET"],
        )  # fmt: skip


def phrases() -> dict[str, str]:
    """About 400 everyday phrases, each with the label of its category."""
    city = tomllib.loads((CITIES / "kota-bekasi" / "categories.toml").read_text(encoding="utf-8"))
    spoken: dict[str, dict[str, list[str]]] = {}
    for file in (CITIES / "common" / "vocabulary").glob("*.toml"):
        spoken |= tomllib.loads(file.read_text(encoding="utf-8"))
    pairs = [(p, c["name"]) for c in city["category"] for p in [c["name"], *spoken[c["code"]]["phrases"]]]
    return dict(itertools.islice(dict(pairs).items(), PHRASE_COUNT))


CATEGORY_OF = phrases()
CHOICES = list(CATEGORY_OF)
_numbers = itertools.count(1)


def guess(text: str) -> str:
    """The category of the phrase that fits best, the way the library's first example does it."""
    phrase, score, _ = process.extractOne(text, CHOICES)
    return CATEGORY_OF[phrase] if score >= UNSURE else "Lainnya"


def confirm(category: str) -> str:
    return f"Kategori: {category}. Benar?"


def summary(category: str, latitude: float, longitude: float, photos: int) -> str:
    return f"Laporan: {category}, lokasi {latitude:.5f}, {longitude:.5f}, {photos} foto. Kirim?"


def ticket() -> str:
    return f"Terima kasih. Nomor laporan Anda UJI-{next(_numbers):06d}."
