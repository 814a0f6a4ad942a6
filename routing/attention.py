"""How much each word of a message counts: what is asked for counts more, a landmark or a feared consequence less."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from routing.normalise import Normaliser

LANDMARK_REACH = 3  # so many meaningful words after "depan" name the place
LANDMARK_SHARE = 0.4  # and count only this much: "lampu mati depan sekolah" is about the lamp
CONSEQUENCE_REACH = 6
CONSEQUENCE_SHARE = 0.5  # "got mampet sehingga banjir" is about the drain
REQUEST_REACH = 4
REQUEST_SHARE = 1.3  # "mohon pohon dipangkas, lampunya gelap" is about the tree
STRAIGHT = 12  # so many words count in full; then people begin to tell around the matter
FADING = 0.03


class Spoken(Struct, frozen=True):
    """One meaningful word of a message: its stem, how it was written, and how much it counts (1 is usual)."""

    stem: str
    written: str
    counts: float


def attend(tokens: Iterable[str], normaliser: Normaliser) -> list[Spoken]:
    """The meaningful words of a message in their order. tokens: what `tokenise` makes of a text."""
    lexicon = normaliser.lexicon
    spoken: list[Spoken] = []
    landmark = consequence = request = 0  # so many words are still under its influence
    before = ""
    for word in _meant(list(tokens), normaliser):
        if not word[0].isalpha():  # a sentence ends
            landmark = consequence = request = 0
            continue
        if word in lexicon.consequence:
            consequence = CONSEQUENCE_REACH
        if word in lexicon.request:
            request = REQUEST_REACH
        announced = word in lexicon.landmark or f"{before} {word}" in lexicon.landmark
        before = word
        if announced:
            spoken += [Spoken(stem, word, LANDMARK_SHARE) for stem in normaliser.stems_of(word)]
            landmark = LANDMARK_REACH
            continue
        for stem in normaliser.stems_of(word):
            counts = 1.0 / (1.0 + FADING * max(0, len(spoken) - STRAIGHT))
            if landmark:
                counts *= LANDMARK_SHARE
                landmark -= 1
            if consequence:
                counts *= CONSEQUENCE_SHARE
                consequence -= 1
            if request:
                counts *= REQUEST_SHARE
                request -= 1
            spoken.append(Spoken(stem, word, counts))
    return spoken


def without_courtesy(tokens: Sequence[str], normaliser: Normaliser) -> Iterator[str]:
    """The tokens without sayings of courtesy and secrecy, which say nothing about what happens."""
    place = 0
    while place < len(tokens):
        said = _said(tokens, place, normaliser)
        if said and tuple(said) not in normaliser.denials:
            place += len(said)
        else:
            yield tokens[place]
            place += 1


def _said(tokens: Sequence[str], place: int, normaliser: Normaliser) -> Sequence[str] | None:
    """The saying of courtesy or denial that begins here."""
    if tokens[place] not in normaliser.sayings:  # as nearly always
        return None
    return next((s for s in normaliser.sayings[tokens[place]] if tokens[place : place + len(s)] == s), None)


def _meant(tokens: Sequence[str], normaliser: Normaliser) -> Iterator[str]:
    """Leaves out sayings of courtesy ("mohon maaf mengganggu"), whose words would speak for a problem nobody has, and
    what is denied: "bukan soal sampah" is not about rubbish."""
    place = 0
    denied = False
    while place < len(tokens):
        word = tokens[place]
        said = _said(tokens, place, normaliser)
        if said:
            denied = denied or tuple(said) in normaliser.denials
            place += len(said)
            continue
        place += 1
        if denied and word[0].isalpha():
            denied = not normaliser.stems_of(word)
            continue
        denied = False
        yield word
