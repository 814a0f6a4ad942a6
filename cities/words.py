"""The language all cities share (`cities/common/`), and what one city adds to it or says otherwise."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cities.errors import CityError
from cities.files import Table, sentences, table
from routing.errors import CatalogueError
from routing.normalise import Lexicon

LISTS = ("keep", "stop", "landmark", "consequence", "request", "common", "courtesy", "denial")
COMMON = Path(__file__).parent / "common"


class Wordings(Struct, frozen=True):
    """How citizens speak of one kind of problem: whole phrases, and things with what may be wrong with them."""

    phrases: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


NO_WORDS = Wordings()


def wordings(folder: Path = COMMON / "vocabulary", told: Path = COMMON / "sayings") -> Mapping[str, Wordings]:
    """The shared vocabulary by category code, from all files of both folders. Raises CityError.

    told: whole sentences as citizens write them, one a line, in a file named after its category
    """
    found: dict[str, Wordings] = {}
    for file in sorted(folder.glob("*.toml")):
        whole = table(file)
        for code in whole.data:
            if code in found:
                raise whole.wrong(f"[{code}] stands in another file too: put both into one")
            found[code] = _wordings(whole.inner(code))
    for file in sorted(told.glob("*.txt")):
        known = found.get(file.stem)
        if known is None:
            raise CityError(file, f"is named after no category: use one of {', '.join(sorted(found))}")
        found[file.stem] = replace(known, phrases=known.phrases + sentences(file))
    return found


def _wordings(entry: Table) -> Wordings:
    unknown = set(entry.data) - {"phrases", "things", "troubles"}
    if unknown:
        raise entry.wrong(f"{', '.join(sorted(unknown))} is not known here: use phrases, things or troubles")
    listed = {key: tuple(entry.texts(key)) for key in ("phrases", "things", "troubles") if key in entry.data}
    if bool(listed.get("things")) != bool(listed.get("troubles")):
        raise entry.wrong("`things` and `troubles` belong together: write both or none")
    return Wordings(**listed)


def own_wordings(entry: Table, shared: Mapping[str, Wordings]) -> Wordings:
    """What all cities say for this kind of problem, and after it the city's own phrases.

    A category of another code takes the words of a shared one by `vocabulary = "PJU"`, of none by `vocabulary = ""`.
    """
    code = entry.text("vocabulary", entry.text("code"))
    if "vocabulary" in entry.data and code and code not in shared:
        raise entry.wrong(f'`vocabulary` = "{code}" is unknown: use one of {", ".join(sorted(shared))}, or ""')
    common = shared.get(code, NO_WORDS)
    own = tuple(entry.texts("phrases")) if "phrases" in entry.data else ()
    return Wordings(common.phrases + own, common.things, common.troubles)


def lexicon(words: Table, shared: Table | None = None) -> Lexicon:
    """The words about words: the city's own `slang` wins over the shared one, lists are put together."""
    common = shared or table(COMMON / "slang.toml")
    own = words.pairs("slang")
    try:
        lists = {key: _list(common, key) | _list(words, key) for key in LISTS}
        kept = {word: plain for word, plain in common.pairs("slang").items() if word not in _list(words, "keep")}
        return Lexicon(slang={**kept, **own}, **lists)
    except CatalogueError as error:
        raise words.wrong(error) from error


def _list(words: Table, key: str) -> frozenset[str]:
    return frozenset(words.texts(key)) if key in words.data else frozenset()
