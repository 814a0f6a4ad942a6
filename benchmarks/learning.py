"""What learning from one city's reports gives, at home and on another city's words.

python -m benchmarks.learning FILE.csv [OTHER.csv] [--texts 4000] [--seeds 5]

FILE has the columns text and category: so many random texts of it are learned, the others are asked; each seed draws
anew. OTHER are texts nobody learned from, by default the city's own exam (its part `open`).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from time import process_time

from bot.commands.csv_rows import read_rows
from bot.commands.learn import taught
from bot.warm import with_model
from cities.loader import HERE, load_city
from learning.lessons import Example
from routing.understand import Understands
from tickets.city import City

Row = tuple[str, str]
Figures = tuple[float, float, float, float]


def rows(file: Path, city: City) -> list[Row]:
    """Texts of known categories; of an exam only its open part, and only reports."""
    found = read_rows(file)
    open_ones = [row for row in found if row.more.get("part", "open") == "open"]
    return [(row.text, row.category) for row in open_ones if row.category in city.catalogue.categories]


def marks(understander: Understands, asked: Sequence[Row]) -> Figures:
    """First guess right, among three, how often stated, how many of those right."""
    first = three = stated = right = 0
    for text, category in asked:
        answer = understander.understand(text)
        codes = [guess.code for guess in answer.candidates[:3]]
        first += codes[:1] == [category]
        three += category in codes
        if answer.decision == "sure":
            stated += 1
            right += codes[:1] == [category]
    return first / len(asked), three / len(asked), stated / len(asked), right / max(1, stated)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("other", type=Path, nargs="?", default=HERE / "kota-bekasi" / "examples.csv")
    parser.add_argument("--texts", type=int, default=4000)
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    city = load_city("kota-bekasi")
    home, other = rows(asked.file, city), rows(asked.other, city)
    found: dict[str, list[Figures]] = {}
    spent = []
    for seed in range(1, asked.seeds + 1):
        random.Random(seed).shuffle(home)
        begun = process_time()
        model = taught(city, [Example(*row) for row in home[: asked.texts]]).model
        spent.append(process_time() - begun)
        warmed = with_model(city, model)
        for name, understander, texts in (
            ("at home, cold", city.understander, home[asked.texts :]),
            ("at home, learned", warmed, home[asked.texts :]),
            ("elsewhere, cold", city.understander, other),
            ("elsewhere, learned", warmed, other),
        ):
            found.setdefault(name, []).append(marks(understander, texts))
    print(f"learning {min(asked.texts, len(home))} texts: {mean(spent):.1f} s of one core, mean of {asked.seeds} seeds")
    print(f"{'':20} first  three  stated  right when stated")
    for name, figures in found.items():
        first, three, stated, right = (mean(column) for column in zip(*figures, strict=True))
        print(f"{name:20} {first:.3f}  {three:.3f}   {stated:.3f}  {right:.3f}")


if __name__ == "__main__":
    main()
