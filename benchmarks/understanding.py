"""How fast and how right the understanding is, beside what one would reach for first: rapidfuzz on whole strings.

python -m benchmarks.understanding                  the city's own exam
python -m benchmarks.understanding FILE.csv         any CSV with the columns text and category
"""

import csv
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from rapidfuzz import fuzz, process

from cities.loader import HERE, load_city
from tickets.city import City

ROUNDS = 3
MOST_FOR_SPEED = 300

Row = tuple[str, str]


def read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row["text"], row["category"]) for row in csv.DictReader(lines) if row["category"]]


def median_ms(texts: list[str], answer: Callable[[str], object]) -> float:
    """Median over the texts of the best of ROUNDS runs: the machine's noise stays out."""
    best = [float("inf")] * len(texts)
    for _ in range(ROUNDS):
        for i, text in enumerate(texts):
            begin = perf_counter()
            answer(text)
            best[i] = min(best[i], perf_counter() - begin)
    return statistics.median(best) * 1000


def accuracy(city: City, rows: list[Row]) -> None:
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    decisions: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    alarms = 0
    for text, category in rows:
        understood = city.understander.understand(text)
        codes = [match.code for match in understood.candidates[:3]]
        hits = codes[:1] == [category], category in codes
        for tally in (right[category], decisions[understood.decision]):
            tally[0] += 1
            tally[1] += hits[0]
            tally[2] += hits[1]
        alarms += understood.emergency is not None
    total, top1, top3 = (sum(tally[i] for tally in right.values()) for i in range(3))
    print(f"{total} texts: top-1 {top1 / total:.3f}, top-3 {top3 / total:.3f}, emergency heard in {alarms / total:.3f}")
    for name, (n, first, among) in sorted(decisions.items()):
        print(f"  {name:8} {n / total:6.1%} of texts, top-1 {first / n:.3f}, top-3 {among / n:.3f}")
    print("  recall by category (top-1, top-3):")
    for code, (n, first, among) in sorted(right.items(), key=lambda item: -item[1][0]):
        print(f"    {code:14} {n:5}  {first / n:.2f}  {among / n:.2f}")


def by_whole_strings(city: City, rows: list[Row]) -> None:
    phrases = [phrase for c in city.catalogue.categories.values() for phrase in c.phrases]
    owner = [c.code for c in city.catalogue.categories.values() for _ in c.phrases]
    sample = rows[:: max(1, len(rows) // MOST_FOR_SPEED)]
    texts = [text for text, _ in sample]
    ours = median_ms(texts, city.understander.understand)
    print(f"speed over {len(texts)} texts and {len(phrases)} phrases, median per text:")
    print(f"  Sahut                       {ours:8.3f} ms")
    for name, scorer in (("WRatio", fuzz.WRatio), ("token_set_ratio", fuzz.token_set_ratio)):

        def answer(text: str, scorer: Callable[..., float] = scorer) -> str:
            return owner[process.extractOne(text, phrases, scorer=scorer)[2]]

        theirs = median_ms(texts, answer)
        hit = sum(answer(text) == category for text, category in sample) / len(sample)
        print(f"  extractOne({name:15}) {theirs:8.3f} ms   Sahut / this = {ours / theirs:.3f}   top-1 {hit:.3f}")


def main(arguments: list[str]) -> int:
    city = load_city("kota-bekasi")
    file = Path(arguments[0]) if arguments else HERE / "kota-bekasi" / "examples.csv"
    rows = read(file)
    accuracy(city, rows)
    by_whole_strings(city, rows)
    begin = perf_counter()
    load_city("kota-bekasi")
    print(f"loading the city: {perf_counter() - begin:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
