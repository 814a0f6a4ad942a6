"""How right, how sure, how fast and how heavy the understanding is, beside what one would reach for first.

python -m benchmarks.understanding                  the city's own exam
python -m benchmarks.understanding FILE.csv         any CSV with the columns text and category

`sahut measure` tells more about one file (recall by category, agencies, confusion); this compares and draws the curve.
"""

import csv
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from rapidfuzz import fuzz, process

from cities import kept
from cities.files import table
from cities.loader import HERE, load_city, root_words
from cities.words import lexicon
from routing.decide import SURE_LEAD, SURE_RIVAL, SURE_SCORE, lead
from routing.match import Ranker
from routing.normalise import Normaliser, tokenise
from tickets.city import City

CITY = "kota-bekasi"
ROUNDS = 3
SAMPLE = 120  # texts for the comparison: whole strings take their time
THIRTY = (25, 35)  # words of a message of about thirty
LEADS = (1, 10, 20, 50, 100)
RIVALS = (1.0, 0.7, 0.6, 0.54, 0.5, 0.4)
TRAINED_ON = 15  # of a thing's troubles, so that the yardstick learns from whole phrases too
NO_SKLEARN = "  TF-IDF + LinearSVC          scikit-learn is missing: `.venv/bin/python -m pip install scikit-learn`"
START = (
    "import json, os, pathlib, time; from benchmarks.proc import memory_mb; from cities import kept, loader\n"
    "before = memory_mb(os.getpid()); begin = time.process_time(); city = {load}\n"
    "print(json.dumps([time.process_time() - begin, memory_mb(os.getpid()) - before]))"
)

Row = tuple[str, str]
Guesses = Callable[[str], list[str]]  # the best first


def read(file: Path, city: City) -> list[Row]:
    """The rows whose category the city knows and which are reports (a file without `intent` holds only reports)."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if (row.get("intent") or "report") == "report"]
    return [(row["text"], row["category"]) for row in rows if row["category"] in city.catalogue.categories]


def phrases(city: City) -> list[Row]:
    """Every phrase the city knows, with its category."""
    kinds = city.catalogue.categories.values()
    said = [(phrase, kind.code) for kind in kinds for phrase in kind.phrases]
    made = [(f"{thing} {t}", kind.code) for kind in kinds for thing in kind.things for t in kind.troubles[:TRAINED_ON]]
    return said + made


def right(rows: Iterable[Row], guesses: Guesses) -> tuple[float, float]:
    """How often the first guess is right, and one of the first three."""
    found = [(guesses(text)[:3], category) for text, category in rows]
    first = sum(codes[:1] == [category] for codes, category in found)
    return first / len(found), sum(category in codes for codes, category in found) / len(found)


def median_ms(texts: list[str], answer: Callable[[str], object]) -> float:
    """Median over the texts of the best of ROUNDS runs: the machine's noise stays out."""
    best = [float("inf")] * len(texts)
    for _ in range(ROUNDS):
        for i, text in enumerate(texts):
            begin = perf_counter()
            answer(text)
            best[i] = min(best[i], perf_counter() - begin)
    return statistics.median(best) * 1000


def curve(city: City, rows: list[Row]) -> None:
    """What a higher bar for `sure` costs in questions and saves in wrong routings."""
    normaliser = Normaliser(lexicon(table(HERE / CITY / "slang.toml")), root_words())
    ranker = Ranker(city.catalogue, normaliser, normaliser.roots)
    tried: list[tuple[float, float, bool]] = []
    for text, category in rows:
        found = city.understander.understand(text).candidates
        if found and found[0].score >= SURE_SCORE and found[0].code != city.catalogue.fallback:
            best = found[0].code
            tried.append((lead(found), ranker.rival(ranker.weigh(tokenise(text)), best), best == category))
    print(f"when is it sure? (the best {SURE_SCORE} or more, so many times as likely as the next,")
    print("and no other with more than this share of its evidence: sure about / of these right)")
    print("    lead  " + "".join(f"{rival:>16}" for rival in RIVALS))
    for bar in LEADS:
        line = f"  {bar:6}  "
        for rival in RIVALS:
            hits = [hit for one, other, hit in tried if one >= bar and other <= rival]
            mark = "*" if (bar, rival) == (SURE_LEAD, SURE_RIVAL) else " "
            line += f"  {len(hits) / len(rows):5.1%} / {sum(hits) / max(1, len(hits)):5.1%}{mark}"
        print(line)


def whole_strings(known: list[Row]) -> Guesses:
    """What the fuzzy library offers for this: the phrases that share most words with the text."""
    said, owner = [phrase for phrase, _ in known], [code for _, code in known]

    def guesses(text: str) -> list[str]:
        found = process.extract(text, said, scorer=fuzz.token_set_ratio, limit=20)
        return list(dict.fromkeys(owner[place] for _, _, place in found))

    return guesses


def trained(known: list[Row]) -> Guesses | None:
    """TF-IDF and a linear support vector machine, taught with the same phrases; None without scikit-learn."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import LinearSVC
    except ImportError:
        return None
    model: Any = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC(C=0.5))
    model.fit([phrase for phrase, _ in known], [code for _, code in known])

    def guesses(text: str) -> list[str]:
        scores = model.decision_function([text])[0]
        return [str(model.classes_[i]) for i in scores.argsort()[::-1]]

    return guesses


def beside(city: City, rows: list[Row]) -> None:
    known = phrases(city)
    sample = rows[:: max(1, len(rows) // SAMPLE)]
    texts = [text for text, _ in rows if THIRTY[0] <= len(text.split()) <= THIRTY[1]][:SAMPLE]
    texts = texts or [text for text, _ in sample]

    def ours(text: str) -> list[str]:
        return [match.code for match in city.understander.understand(text).candidates]

    ways: list[tuple[str, Guesses | None]] = [
        ("Sahut", ours),
        ("rapidfuzz token_set_ratio", whole_strings(known)),
        ("TF-IDF + LinearSVC", trained(known)),
    ]
    print(
        f"beside others, all with the same {len(known)} phrases ({len(sample)} texts, speed on {len(texts)} of them):"
    )
    print("                                 top-1   top-3   ms per text")
    for name, guesses in ways:
        if guesses is None:
            print(NO_SKLEARN)
            continue
        first, among = right(sample, guesses)
        print(f"  {name:28}   {first:.3f}   {among:.3f}   {median_ms(texts, guesses):11.3f}")


def cost(city: City) -> None:
    text = " ".join(("selamat pagi pak lampu jalan di gang kami mati sudah dua minggu gelap sekali " * 3).split()[:30])
    for _ in range(200):
        city.understander.understand(text)
    begin = process_time()
    for _ in range(1000):
        city.understander.understand(text)
    spent = process_time() - begin  # milliseconds for each of a thousand
    print(f"a message of 30 words, warmed up: {spent:.3f} ms of one core")
    with tempfile.TemporaryDirectory() as folder:
        kept.make(CITY, Path(folder))
        for title, load in (
            ("from its folder, after a change", f"loader.load_city('{CITY}')"),
            ("as it was kept, every other time", f"kept.load('{CITY}', pathlib.Path('{folder}'))"),
        ):
            told = [sys.executable, "-c", START.format(load=load)]
            made = subprocess.run(told, capture_output=True, text=True, check=True, cwd=HERE.parent)
            start, memory = json.loads(made.stdout)
            print(f"the city loaded {title}: {start:.2f} s, {memory:.0f} MB")


def main(arguments: list[str]) -> int:
    city = load_city(CITY)
    file = Path(arguments[0]) if arguments else HERE / CITY / "examples.csv"
    rows = read(file, city)
    if not rows:
        print(f"{file} holds no row with a text and a category of {city.name}.", file=sys.stderr)
        return 1
    sure = [u.best == c for t, c in rows for u in (city.understander.understand(t),) if u.decision == "sure"]
    first, among = right(rows, lambda text: [match.code for match in city.understander.understand(text).candidates])
    print(f"{len(rows)} texts: top-1 {first:.3f}, top-3 {among:.3f}")
    print(f"sure about {len(sure) / len(rows):.1%}, of these right {sum(sure) / max(1, len(sure)):.1%}")
    curve(city, rows)
    beside(city, rows)
    cost(city)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
