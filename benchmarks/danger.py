"""How well danger is heard in sentences that were not learned, and what more sentences would bring.

python -m benchmarks.danger [--shares 0.25 0.5 1.0]

Everything that was written down whole (dangers, calm, and what people say about ordinary categories) is dealt into four
parts. Each part is asked of an understanding that learned the other three, or only a share of them: the curve.
Then the city as it is, asked about places.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from cities.dangers import dangers
from cities.files import sentences, table
from cities.intents import intents
from cities.loader import HERE, load_city, root_words
from cities.names import names
from cities.words import COMMON, lexicon
from routing.catalogue import Catalogue
from routing.danger import Danger, Hedges
from routing.understand import Understander, Understands

CITY = "kota-bekasi"
PARTS = 4
SEED = 7
BEFORE = ("", "depan ", "belakang ", "di gang samping ", "dekat ", "lampu jalan mati dekat ", "jalan berlubang depan ")
PLACES = (
    "masjid al falah", "mushola nurul huda", "pondok gede permai", "pasar baru", "rumah pak haji", "warung bu tini",
    "stasiun bekasi", "gang mawar", "sdn satu", "jalan melati raya", "toko sembako berkah", "indomaret",
    "cluster permata", "kontrakan haji naman", "taman kota",
)  # fmt: skip
TOLD = (
    "kebakaran", "kebakar", "ada kebakaran", "banjir bandang", "pohon tumbang nimpa mobil", "tembok roboh nimpa orang",
    "kecelakaan korban berdarah", "ada orang pingsan", "kabel listrik putus nyetrum", "ada ular kobra masuk",
    "orang tenggelam", "perampokan", "ada maling ketangkep digebukin", "gas bocor", "ledakan",
)  # fmt: skip
Known = Callable[[str], bool]  # whether a sentence may be learned


def deal(said: Sequence[str], part: int, share: float) -> tuple[set[str], list[str]]:
    """What is withheld from learning when this part is asked, and what is asked."""
    shuffled = sorted(set(said))
    random.Random(SEED).shuffle(shuffled)
    asked = shuffled[part::PARTS]
    others = [sentence for i, sentence in enumerate(shuffled) if i % PARTS != part]
    return {*asked, *others[round(share * len(others)) :]}, asked


def taught(book: Catalogue, kinds: Sequence[Danger], hedges: Hedges, known: Known) -> Understander:
    """The city's understanding as if the other sentences had never been written down."""
    home = HERE / CITY
    spoken = intents(home)
    return Understander(
        replace(book, categories={c: replace(k, phrases=_of(k.phrases, known)) for c, k in book.categories.items()}),
        [replace(kind, told=_of(kind.told, known)) for kind in kinds],
        replace(hedges, calm=_of(hedges.calm, known)),
        lexicon(table(home / "slang.toml")),
        root_words(),
        replace(spoken, reports=_of(spoken.reports, known)),
        names(home),
    )


def _of(said: Sequence[str], known: Known) -> tuple[str, ...]:
    return tuple(sentence for sentence in said if known(sentence))


def at_places(understander: Understands) -> str:
    """Places alone and in ordinary reports raise no alarm; dangers told at a place raise one."""
    alone = [before + name for name in names(HERE / CITY) if "*" not in name for before in BEFORE]
    told = [text for place in PLACES for what in TOLD for text in (f"{place} {what}", f"{what} di {place}")]
    alarms = [sum(understander.understand(text).emergency is not None for text in texts) for texts in (alone, told)]
    return (
        f"{alarms[0]} alarms of {len(alone)} with a place alone or in an ordinary report; "
        f"{alarms[1]} of {len(told)} dangers heard that are told at a place"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--shares", type=float, nargs="+", default=(0.25, 0.5, 0.75, 1.0))
    shares = parser.parse_args().shares
    city = load_city(CITY)
    book = city.catalogue
    kinds, hedges = dangers(HERE / CITY, book)
    told = {
        "danger": [sentence for kind in kinds for sentence in kind.told],
        "calm": list(hedges.calm),
        "ordinary": [
            sentence
            for code, kind in book.categories.items()
            if kind.emergency == "no" and (file := COMMON / "sayings" / f"{code}.txt").is_file()
            for sentence in sentences(file)
        ],
    }
    print(f"{', '.join(f'{len(said)} {name}' for name, said in told.items())}; each quarter judged by the other three")
    print("learned of those   danger heard   needless: calm   ordinary")
    for share in shares:
        alarms, asked = dict.fromkeys(told, 0), dict.fromkeys(told, 0)
        for part in range(PARTS):
            dealt = {name: deal(said, part, share) for name, said in told.items()}
            withheld = set().union(*(away for away, _ in dealt.values()))
            understander = taught(book, kinds, hedges, lambda sentence, away=withheld: sentence not in away)
            for name, (_, questions) in dealt.items():
                asked[name] += len(questions)
                alarms[name] += sum(understander.understand(text).emergency is not None for text in questions)
        heard, calm, ordinary = (alarms[name] / asked[name] for name in told)
        print(f"{share:16.0%}   {heard:12.3f}   {calm:14.3f}   {ordinary:8.3f}", flush=True)
    print(at_places(city.understander))


if __name__ == "__main__":
    main()
