"""A citizen's raw words made comparable: one spelling, no numbers, slang spelled out, affixes taken off."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from routing.errors import SlangOfKeptWord
from routing.stem import Stemmer

MAX_CHARS = 12_000  # longer than any chat message; what follows cannot change the category
MAX_WORDS = 300
LONGEST = 60  # letters; what is longer is no word
WORD_CACHE = 20_000

_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]{1,64}@\S{1,64}|<[A-Za-z]{2,8}>|\[[A-Za-z]{2,8}\]")
# "RT 03/RW 05", "Kel. Harapan": an address, not a complaint about the RT or the kelurahan.
_ADDRESS = re.compile(r"\b(?:r[tw][\s.:/-]*(?:r[tw][\s.:/-]*)?\d+|(?:no|nomor|blok|jl|jln|kel|kec)[.:]+\s*[a-z0-9]+)")
_NUMBERED = re.compile(r"[\d.:]")
# "3 kali", "berkali-kali": times, not rivers (the word is the same).
_TIMES = re.compile(
    r"\b(?:\d+|dua|tiga|empat|lima|puluhan|beberapa|bbrp|berapa|tiap|setiap|kedua|ketiga|ber|banyak|sering)[\s-]*kali"
    r"(?:[\s-]*kali|2|nya)?\b|\bkali\s+(?:ini|pertama|kedua|ketiga|lipat)\b"
)
_TOKEN = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*|[.!?;\n]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_TWICE = re.compile(r"^([a-z]{2,}?)2(nya|an)?$")
_DIGITS_ONLY_ENDS = re.compile(r"^\d+|\d+$")


class Lexicon(Struct, frozen=True):
    """A city's words about words. `slang` maps one written word to one or more plain words,
    `keep` are words that must survive as they are, `stop` carry no meaning for the category,
    `landmark` announce a place ("depan", "dekat"), so that what follows says where, not what,
    `consequence` announce what came or may come of it ("sehingga", "takutnya"), `request` what is asked for ("mohon"),
    `common` are said about everything ("rumah", "lama") and weigh little alone,
    `courtesy` are whole sayings that belong to no problem ("rahasiakan nama saya"): they are not heard at all,
    `denial` are sayings after which one meaningful word is what it is not about ("bukan soal")."""

    slang: Mapping[str, str]
    keep: frozenset[str]
    stop: frozenset[str]
    landmark: frozenset[str] = frozenset()
    consequence: frozenset[str] = frozenset()
    request: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    courtesy: frozenset[str] = frozenset()
    denial: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for word in self.keep:
            if word in self.slang:
                raise SlangOfKeptWord(word=word)


class Normaliser:
    """Turns text into stems. One word is worked out once and remembered, at most WORD_CACHE of them."""

    def __init__(self, lexicon: Lexicon, roots: Iterable[str]) -> None:
        self.lexicon = lexicon
        self.roots = frozenset(roots) | lexicon.keep
        self._stemmer = Stemmer(self.roots)
        self._stop = lexicon.stop
        self.sayings = _by_first(lexicon.courtesy | lexicon.denial)
        self.denials = frozenset(tuple(saying.split()) for saying in lexicon.denial)
        self.stems_of = lru_cache(WORD_CACHE)(self._work_out)
        self.readings = lru_cache(WORD_CACHE)(self._readings)
        self._stem = lru_cache(WORD_CACHE)(self._find_stem)

    def stems(self, text: str) -> list[str]:
        """The meaningful stems of a text in their order; empty for emoji, "???" or nothing at all."""
        return [stem for word in words(text) for stem in self.stems_of(word)]

    def _readings(self, word: str) -> tuple[str, ...]:
        """The ways one word may be read, stop words too: as written, spelled out, and the stem of each."""
        spelled = self.lexicon.slang.get(word, word).split()
        stems = [self._stem(part) for part in spelled]
        return tuple(dict.fromkeys((word, *spelled, *stems, self._stemmer.stem(word))))

    def all_stems(self, word: str) -> tuple[str, ...]:
        """As `stems_of`, stop words too."""
        return tuple(self._stem(part) for part in self.lexicon.slang.get(word, word).split())

    def _work_out(self, word: str) -> tuple[str, ...]:
        spelled = self.lexicon.slang.get(word, word)
        return tuple(
            stem
            for part in spelled.split()
            if part not in self._stop
            for stem in (self._stem(part),)
            if len(stem) > 1 and stem not in self._stop
        )

    def _find_stem(self, word: str) -> str:
        if word in self.lexicon.keep:
            return word
        stem = self._stemmer.stem(word)
        spelled = self.lexicon.slang.get(stem, stem)
        return stem if " " in spelled else spelled


def _by_first(sayings: Iterable[str]) -> dict[str, list[list[str]]]:
    """Sayings by their first word, the longest first."""
    found: dict[str, list[list[str]]] = {}
    for saying in sorted(sayings, key=lambda s: -len(s.split())):
        found.setdefault(saying.split()[0], []).append(saying.split())
    return found


def words(text: str) -> list[str]:
    """Lower-case words without numbers, links and addresses; a doubled word counts once ("gorong-gorong")."""
    return [token for token in tokenise(text) if token[0].isalpha()]


def plain_words(phrase: str) -> list[str]:
    """As `words`. Most phrases of a city are plain already and need no cleaning: half a second less at every start."""
    bare = phrase.replace(",", " ")
    clean = bare.isascii() and bare.islower() and bare.replace(" ", "").isalpha()
    return bare.split() if clean else words(phrase)


def tokenise(text: str) -> list[str]:
    """Words as in `words`, and between them the marks at which a sentence ends."""
    found: list[str] = []
    for token in _TOKEN.findall(_STRETCHED.sub(r"\1", _without_numbers(plain(text)))):
        if (token.isalpha() and len(token) < LONGEST) or not token[0].isalnum():
            found.append(token)
        else:
            found += _split(token)
        if len(found) >= MAX_WORDS:
            break
    return found


def _without_numbers(clean: str) -> str:
    """The text without links, mail addresses, house numbers and times; what cannot be there is not looked for."""
    if "/" in clean or "@" in clean or "<" in clean or "[" in clean or "www." in clean:
        clean = _NOT_WORDS.sub(" ", clean)
    if _NUMBERED.search(clean):
        clean = _ADDRESS.sub(" ", clean)
    return _TIMES.sub(" ", clean) if "kali" in clean else clean


def plain(text: str) -> str:
    """One writing for all letters: compatible forms joined, accents and stray surrogates gone, lower case."""
    clean = text[:MAX_CHARS]
    if clean.isascii():
        return clean.lower()
    clean = clean.encode("utf-8", "ignore").decode("utf-8")
    spread = unicodedata.normalize("NFKD", clean)
    return "".join(c for c in spread if not unicodedata.combining(c)).lower()


def _split(token: str) -> list[str]:
    """What is no plain word: "anak2", "gorong-gorong", "jl12", letters without end."""
    twice = _TWICE.match(token)
    if twice:
        return [twice[1] + (twice[2] or "")]
    parts = re.split(r"['’-]", token) if len(token) < LONGEST else [token[:40]]
    parts = [_DIGITS_ONLY_ENDS.sub("", part) if part[:1].isdigit() or len(part) > 4 else part for part in parts]
    kept = [part for part in parts if part and part[0].isalpha()]
    if len(kept) == 2 and (kept[0] == kept[1] or kept[1].startswith(kept[0])):
        return [kept[1]]
    return kept
