"""What typed words want of the report in hand: an end, patience, secrecy, a part of it asked for again."""

from __future__ import annotations

from conversations import answers
from texts import words as typed


def gives_up(text: str) -> bool:
    """Whether words that sound like an end may be one: not "salah ketik", "udah kirim aja", "gajadi pake foto"."""
    said = answers.plain(text).split()
    if wants_secret(text) or not typed.PICTURE.isdisjoint(said):
        return False
    if any(phrase in typed.GIVING_UP for phrase in answers.phrases(said)):
        return True
    mends = answers.takes_back(text) or not (typed.SENDS | typed.TAKING_BACK).isdisjoint(said)
    return not mends and typed.DONE.isdisjoint(answers.phrases(said))


def needs_no_help(text: str) -> bool:
    """ "Bentar ya lagi difoto", "maksudnya di Jatirasa": whoever is busy or puts something right."""
    return answers.takes_back(text) or busy(text)


def busy(text: str) -> bool:
    """ "Bentar ya lagi difoto": the answer is on its way."""
    said = answers.without_courtesy(answers.plain(text)).split()
    return not typed.BUSY.isdisjoint(said) and answers.covers(said, typed.DOING)


def asks_for_time(text: str) -> bool:
    """ "Bentar ya pak lagi di jalan", not "tunggu jam 4 sore", "tunggu di depan masjid": those answer a question."""
    said = answers.plain(text).split()
    if not 0 < len(said) <= 6 or said[0] not in typed.BUSY:
        return False
    return not any(word in typed.NOT_WAITING or any(sign.isdigit() for sign in word) for word in said)


def wants_secret(text: str) -> bool:
    """A report that itself asks to keep its sender's name secret."""
    said = f" {answers.plain(text)} "
    return any(f" {phrase} " in said for phrase in typed.SECRECY)


def only_secret(text: str) -> bool:
    """Nothing but that wish: what else is told with it is not lost."""
    said = answers.plain(text).split()
    return sum(word not in typed.SECRET_TALK and word not in typed.FILLERS for word in said) <= 1


def wrong_part(text: str) -> str:
    """ "Eh fotonya salah", "ya tapi lokasinya kurang tepat": the question to be asked again, "" when more is said."""
    said = answers.without_courtesy(answers.plain(text)).split()
    parts = {typed.PARTS[word] for word in said if word in typed.PARTS}
    only = answers.covers(said, typed.WRONG | typed.ROUND | typed.YES | typed.PARTS.keys())
    return parts.pop() if len(parts) == 1 and only and not typed.WRONG.isdisjoint(said) else ""


def rather(text: str) -> str:
    """ "Bukan di Jatiasih tapi di Jatirasa": what is right, the whole when only that is said."""
    words = text.split()
    last = max((i for i, word in enumerate(words) if answers.plain(word) in typed.RATHER), default=-1)
    return " ".join(words[last + 1 :]) or text
