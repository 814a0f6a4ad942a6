"""Typed answers: is this sentence the same as pressing one of the offered buttons? Small talk is told apart too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from conversations.effects import LOCATION, URL
from conversations.slips import near
from texts import words as typed

_SIGNS = re.compile(r"[^\w]+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_HANDS = re.compile(r"\s*(?:[🙏❤🥰🤗][\ufe0f\U0001f3fb-\U0001f3ff]*\s*)+")
_LONGEST = 60  # no button and no small talk is longer

# Typed words and the actions they may stand for, best first; "yes:..." and "no:..." count as "yes" and "no".
_MEANINGS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (typed.UNCHANGED, ("keep", "done", "skip")),
    (typed.SKIP, ("skip", "done", "keep", "secret")),
    (typed.DONE, ("done", "skip")),
    (typed.GO_ON, ("yes", "done", "skip", "keep", "secret")),
    (typed.SENDS, ("yes", "done", "secret")),
    (typed.CONSENT, ("yes", "done", "named")),
    (typed.YES, ("yes", "done")),
    (typed.NO, ("no", "skip", "secret")),
    (typed.NAMED, ("named",)),
    (typed.SECRET, ("secret",)),
    (typed.OTHER, ("other",)),
    (typed.SAME, ("join",)),
    (typed.NEW_ONE, ("new_one",)),
    (typed.TOGETHER, ("together",)),
)
_DISCARD = "yes:discard"
_MEANT_BY_DISCARD = ((typed.DISCARDED, (_DISCARD,)), (typed.NO, ("no",)))


@lru_cache(4096)
def plain(text: str) -> str:
    """Lower case, letters and digits only, one space between words; "" when nothing readable is left."""
    folded = unicodedata.normalize("NFKC", text[:400]).casefold()
    return _SIGNS.sub(" ", folded).replace("_", " ").strip()


def chosen(text: str, offered: Sequence[tuple[str, str]]) -> str:
    """The action of the offered button that was typed instead of pressed, "" when it is something else.

    Counts: the label (small slips allowed in longer ones), its place as a number, words like "ya" or "lewati".
    """
    if not offered or len(text) > _LONGEST:
        return ""
    said = plain(text)
    if not said:
        return ""
    choices = [(action, plain(label)) for action, label in offered if not action.startswith(URL)]
    for action, label in choices:
        if label == said:
            return action
    presses = [action for action, _ in choices if action != LOCATION]
    if said.isascii() and said.isdigit() and len(said) <= 2:
        place = int(said) - 1
        return presses[place] if 0 <= place < len(presses) else ""
    return _meant(said, presses) or _slip(said, choices)


def _meant(said: str, presses: list[str]) -> str:
    said = _STRETCHED.sub(r"\1", said)
    bare = without_courtesy(said)
    core = bare.split()
    discards = _DISCARD in presses
    if discards and not typed.KEPT.isdisjoint(core):  # "ok kirim": whoever wants it sent wants nothing thrown away
        return next((action for action in presses if action.startswith("no:")), "")
    for words, wanted in _MEANT_BY_DISCARD if discards else _MEANINGS:
        if said in words or bare in words or (core and all(word in words for word in core)):
            for want in wanted:
                meant = [action for action in presses if action == want or action.startswith(want + ":")]
                if meant and (want != "join" or len(meant) == 1):  # "saya juga" does not say which
                    return meant[0]
    return ""


def without_courtesy(said: str) -> str:
    """ "sudah beres pak, makasih": what is left of plain words without forms of address and thanks."""
    return " ".join(word for word in said.split() if word not in typed.FILLERS)


def _slip(said: str, choices: list[tuple[str, str]]) -> str:
    close = {action for action, label in choices if near(said, label)}
    return close.pop() if len(close) == 1 else ""


def command(text: str) -> str:
    """The command a whole message stands for ("batal", "laporan saya", "stauts"), "" when it is none."""
    if len(text) > _LONGEST:
        return ""
    said = plain(text)
    return typed.COMMANDS.get(said, "") or typed.COMMANDS.get(_mistyped(said), "")


def _mistyped(said: str) -> str:
    """The advertised command that a slip of the finger hides. One wrong letter makes "bahasa" a danger ("bahaya") and
    "batal" a limit, so for the risky ones only swapped letters count.
    """
    letters = sorted(said)
    for word in ("batal", "bantuan", "status", "bahasa", "kembali"):
        if letters == sorted(word) or (word in ("bantuan", "status", "kembali") and near(said, word)):
            return word
    return ""


def no_picture(text: str) -> bool:
    """ "gak usah foto", "fotonya nyusul ya": an answer to the question for pictures that says none, or not now."""
    said = plain(text).replace("don t", "dont").replace("can t", "cant").split()
    return len(said) <= 10 and any(word in typed.PICTURE for word in said) and any(w in typed.NO_PICTURE for w in said)


def english(text: str) -> bool:
    """A whole sentence of English, told by its small words; a borrowed word or two is not enough."""
    said = plain(text).split()
    if len(said) < 4 or any(word in typed.INDONESIAN for word in said):
        return False
    return len(set(said) & typed.ENGLISH) >= 2


def asks_after(text: str) -> bool:
    """ "kapan diperbaiki?": a short question how a report is going."""
    said = plain(text).split()
    return 0 < len(said) <= 6 and any(word in typed.ASKING for word in said)


def greeting(text: str) -> bool:
    """Nothing but a greeting: it starts nothing and ends nothing."""
    return _only(text, typed.GREETINGS, typed.GREETINGS)


def thanks(text: str) -> bool:
    """Nothing but thanks or praise, or folded hands: it must never open or reopen anything."""
    return _HANDS.fullmatch(text) is not None or _only(text, typed.THANKS, typed.THANKS_CORE)


def unchanged(text: str) -> bool:
    """ "gak jadi ubah": the answers given so far stay as they are."""
    return without_courtesy(plain(text)) in typed.UNCHANGED


def agrees(text: str) -> bool:
    """Nothing but "ya", "kirim", "lanjut"."""
    said = plain(text)
    return said in typed.YES or said in typed.GO_ON


def goes_on(text: str) -> bool:
    """ "lanjut", "kirim saja", "bukan itu": the report is meant all the same."""
    said = plain(text)
    return said in typed.ALL_THE_SAME or without_courtesy(said) in typed.ALL_THE_SAME


def looks_up(text: str) -> bool:
    """ "Cek status laporan saya dong", "lihat laporan": nothing but the wish to see how reports stand."""
    said = without_courtesy(plain(text)).split()
    return any(word in typed.LOOKED_UP for word in said) and covers(said, typed.LOOKED_UP | typed.LOOKING_UP)


def follows_up(text: str) -> bool:
    """A short question about something reported before ("kapan dikerjakan?"), not a report."""
    said = plain(text).split()
    return 0 < len(said) <= 6 and any(word in typed.FOLLOWING for word in said)


def adds(text: str) -> bool:
    """ "Tambahan info, platnya B 1234 XX", "mau ralat": about something told before, however long it goes on."""
    return any(word in typed.ADDING for word in plain(text).split()[:3])


def takes_back(text: str) -> bool:
    """ "Eh bukan, maksudnya lampu merah": what was told before was wrong."""
    return any(word in typed.TAKING_BACK for word in plain(text).split()[:3])


def no_point(text: str) -> bool:
    """ "gak bisa", "tidak tahu", "lewati", "sudah pulang": the point that was asked for will not come."""
    said = without_courtesy(plain(text).replace("can t", "cant").replace("don t", "dont")).split()
    allowed = typed.NO_POINT | typed.ABOUT_POINTS
    if len(said) > 7 or (len(said) == 1 and said[0] in typed.HALF):
        return False
    return any(one in typed.NO_POINT for one in phrases(said)) and covers(said, allowed)


def not_here(text: str) -> bool:
    """ "tidak di sini", "bukan di situ": it is another place than the one that was shown."""
    said = without_courtesy(plain(text)).split()
    here, denied = not typed.HERE.isdisjoint(said), not typed.DENIED.isdisjoint(said)
    return here and denied and covers(said, typed.HERE | typed.DENIED | {"di", "itu"})


def about_points(text: str) -> bool:
    """ "gimana cara kirim lokasi?", "caranya?": how to send the phone's position."""
    return any(word in typed.POINT for word in plain(text).split())


def no_place(text: str) -> bool:
    """ "iya", "bentar ya", "di sini": an answer, but no place."""
    said = without_courtesy(_STRETCHED.sub(r"\1", plain(text))).split()
    return covers(said, typed.YES | typed.GO_ON | typed.DONE | typed.ABOUT_POINTS | typed.HALF)


def tells_where(text: str) -> bool:
    """Words like "depan", "gang" or a number stand in it, or it is very short: it may well name a place."""
    said = plain(text).split()
    if asks_after(text) or (said and said[0] in typed.ABOUT_ME):
        return False
    return len(said) < 4 or any(word in typed.PLACES or word[0].isdigit() for word in said)


def tells_address(text: str) -> bool:
    """ "Gang mawar 3 rt 02", "depan sdn 3": the words say where exactly, not only in which part of the city."""
    return not typed.ADDRESS.isdisjoint(plain(text).split())


def tells_lane(text: str) -> bool:
    """ "Gang mawar 3 rt 02": an address that only somebody who lives there finds; "depan rumah" is none."""
    return not typed.LANES.isdisjoint(plain(text).split())


def wordless(text: str) -> bool:
    """No word of three letters in it and no "rt 3": emoji, dots, "???", a lone number."""
    said = plain(text).split()
    if any(word in typed.LANES and after[:1].isdigit() for word, after in pairwise(said)):
        return False
    return not any(len(word) >= 3 and any(c.isalpha() for c in word) for word in said)


def tells(text: str) -> bool:
    """Whether words beside a picture or a point say anything: not thanks, "🙏", "ini fotonya pak"."""
    return not (greeting(text) or thanks(text) or wordless(text) or _points_at(text))


def _points_at(text: str) -> bool:
    """ "Ini fotonya pak", "bukti terlampir", "ini": only that there is something to be seen beside the words."""
    said = without_courtesy(plain(text)).split()
    return len(said) <= 8 and covers(said, typed.SEEN | typed.POINTING | typed.HERE)


def introduces(text: str) -> bool:
    """ "Nama saya Siti", "saya Siti warga rw 05": who speaks, and nothing else yet; "nama saya hilang" is no name."""
    said = plain(text).split()
    if not typed.NO_NAME.isdisjoint(said):
        return False
    if " ".join(said[:2]) in typed.MY_NAME or said[:1] == ["namaku"]:
        return 2 <= len(said) <= 5
    if not said or said[0] not in typed.ABOUT_ME or "warga" not in said[1:4]:
        return False
    rest = said[said.index("warga") + 1 :]
    left = [word for word in rest if word not in typed.FROM_WHERE and not word.isdigit()]
    return len(left) <= 2 and (not left or not typed.PLACES.isdisjoint(rest))


def _only(text: str, allowed: frozenset[str], core: frozenset[str]) -> bool:
    if len(text) > 160:
        return False
    said = _STRETCHED.sub(r"\1", plain(text))
    if not said:
        return False
    if said in core:
        return True
    return covers(said.split(), allowed) and any(phrase in core for phrase in phrases(said.split()))


def phrases(words: list[str]) -> list[str]:
    return words + [" ".join(pair) for pair in pairwise(words)]


def covers(words: list[str], allowed: frozenset[str]) -> bool:
    i = 0
    while i < len(words):
        if " ".join(words[i : i + 2]) in allowed and i + 1 < len(words):
            i += 2
        elif words[i] in allowed:
            i += 1
        else:
            return False
    return True
