"""What typed words say of a report: that it is solved or not, how well it was done, that it was closed too soon."""

from __future__ import annotations

from conversations.answers import covers, plain, without_courtesy
from texts import words as typed
from texts.words import NOT_SOLVED, SOLVED


def verdict(text: str) -> str:
    """ "confirm" or "refuse" when the words are a plain answer to "sudah beres?", else ""."""
    said = plain(text) if len(text) <= 60 else ""
    for words in (said, without_courtesy(said)):
        if words in SOLVED:
            return "confirm"
        if words in NOT_SOLVED:
            return "refuse"
    return ""


def stars(text: str) -> int:
    """The stars of an answer that is nothing but stars or one number ("bintang 4", "lima"), 0 when it is not."""
    said = "".join(text.split())
    if 0 < len(said) <= 10 and not said.strip("⭐★🌟\ufe0f"):
        count = sum(said.count(sign) for sign in "⭐★🌟")
        return count if count <= 5 else 0
    words = without_courtesy(plain(text)).split()
    numbers = [typed.STARS[word] for word in words if word in typed.STARS]
    return numbers[0] if len(numbers) == 1 and covers(words, typed.RATING | typed.STARS.keys()) else 0


def denies(text: str) -> bool:
    """ "belum, masih gelap": an answer to "sudah beres?" that says no and tells what is missing."""
    said = plain(text).split()
    return len(said) >= 3 and said[0] in typed.NOT_YET


def not_done(text: str) -> bool:
    """ "belum pak masih mati": the answer to "sudah beres?", also where nothing is quoted."""
    said = plain(text).split()
    if len(said) <= 10 and not typed.UNTRUE.isdisjoint(said):
        return True
    begins = 3 <= len(said) <= 10 and (said[0] in typed.NOT_DONE or " ".join(said[:2]) in typed.NOT_DONE)
    return begins and typed.LOOKING.isdisjoint(said)


def not_yet(text: str) -> bool:
    """ "belum beres", "masih gelap": whatever was asked, the problem is still there."""
    said = plain(text).split()
    return bool(said) and (said[0] in typed.NOT_YET or still(text))


def still(text: str) -> bool:
    """ "sudah nyala, tapi yang ujung masih mati": something is not as it should be, or not any more."""
    return any(word in typed.STILL for word in plain(text).split())


def closed_too_soon(text: str) -> bool:
    """ "Loh kok udah ditutup padahal belum dibenerin": not what was told, but what became of it."""
    return still(text) and not typed.TOO_SOON.isdisjoint(plain(text).split())
