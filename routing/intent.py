"""What kind of message is this: a report, a question, thanks, a greeting, spam? When in doubt, a report."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from routing.normalise import Normaliser
from routing.phrases import EDGES, FIRST, LAST, SILENCE, Groups, Phrasebook, Speech, Ways, phrase
from routing.sentences import SentenceEvidence, Sentences

REPORT, QUESTION, HELP = "report", "info", "help"
INTENTS = (
    REPORT, "status", "thanks", "greeting", "cancel", "help", "info", "suggestion", "chitchat", "spam", "abuse",
)  # fmt: skip
# How much other content takes from them: a report may begin with a greeting, but hardly with "gak jadi".
SMALL_TALK: Mapping[str, float] = {
    "thanks": 1.0, "greeting": 2.0, "chitchat": 1.0, "help": 0.6, "cancel": 0.5, "abuse": 0.5,
}  # fmt: skip
STRENGTHS: Mapping[str, float] = {"sure": 3.0, "likely": 2.0, "hint": 1.0, "against": -3.0, "needs": 0.0}
NEEDED = STRENGTHS["needs"]

MARKED = 2.0  # at most so much for a question that has its mark only: many end a complaint with one
ASKING = 1.5  # what a question word is worth when nobody complains
START = 1.5  # a report's head start: others must say more than nothing
CONTENT = 0.4  # what each word of other content takes from small talk
MOST_CONTENT = 2.4
TOPIC = 2.5  # the category is beyond doubt: there is something to talk about
TOLD = 0.5  # what sentences of a kind say, beside the cues
ENOUGH = 4.0  # more cues than this make nothing surer: a long story holds many
MOST = {REPORT: 99.0, "status": 7.0}  # who asks after a report names its trouble too
FEW = 4  # words: with fewer the sentences prove little, and within a dialogue it may be half an answer
FEWER = 1.0  # so much for a report for each word less
STORY_FROM = 14  # words: from there on each adds a little to a report, for nobody asks the way at such length
STORY_WORD = 0.08
NEXT_WORD_WITHIN = 2  # "di mana sih bikin ktp": one small word may stand between
MOST_WORDS = 120  # what a message is shows at its beginning

_TICKET = re.compile(r"\b[a-z]{2,4}[-\s]?\d{2}[-\s]?\d{6}[-\s]?\d\b", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+|www\.\S+|\b[\w-]+\.(?:com|net|xyz|top|club|online|site|info|id|me|ly)\b/?\S*", re.I)
_MAP = re.compile(r"maps|goo\.gl|waze|osm|openstreetmap|geo:|share\.google", re.I)
_LAUGH = re.compile(r"^(?:(?:wk){2,}w?|(?:ha){2,}h?|(?:he){2,}h?|(?:hi){2,}h?|(?:xi){2,}x?|(?:ck){2,}|l+o+l+|wkwk\w*)$")
_LETTER = re.compile(r"[^\W\d_]")


class Cues(Struct, frozen=True):
    """Phrases that speak for an intent by their strength ("sure", "likely", "hint") or "against" it; where some are
    listed under "needs", one of these must be said."""

    intent: str
    phrases: Mapping[str, tuple[str, ...]]


class IntentWords(Struct, frozen=True):
    """A city's cues, the groups of words they use, and small words that are no content; whole sentences of each kind,
    and what citizens say in reports of every category."""

    cues: tuple[Cues, ...]
    groups: Groups
    small: frozenset[str]
    sentences: Sentences = field(default_factory=dict)
    reports: tuple[str, ...] = ()


ASKED = frozenset("?")
SALUTATION = ("salam", "sapaan")  # groups whose words open a message of any kind
NO_WORDS = IntentWords((), {}, frozenset())


class IntentReader:
    """Adds up what the words say for each intent; the highest sum wins, a draw is a report."""

    def __init__(self, words: IntentWords, normaliser: Normaliser) -> None:
        listed = [
            (phrase(written, words.groups), (cue.intent, STRENGTHS[strength]))
            for cue in words.cues
            for strength, phrases in cue.phrases.items()
            for written in phrases
        ]
        self._book: Phrasebook[tuple[str, float]] = Phrasebook(listed, NEXT_WORD_WITHIN)
        self._speech = Speech(normaliser, self._book.words)
        self._needing = frozenset(cue.intent for cue in words.cues if cue.phrases.get("needs"))
        self._small = words.small
        opening = frozenset(word for group in SALUTATION for word in words.groups.get(group, ()))
        self._told = SentenceEvidence(words.sentences, words.reports, REPORT, normaliser, opening)

    def read(self, text: str, tokens: Sequence[str], topic: float) -> str:
        """The intent of a message. `topic`: how likely its best category is, 0..1."""
        heard = tokens[:MOST_WORDS]
        spoken = [
            FIRST | ASKED if "?" in text and "!" not in text else FIRST,  # "?!" is anger, no question
            *(self._speech.ways(token) if token[0].isalpha() else SILENCE for token in heard),
        ]
        while len(spoken) > 1 and not spoken[-1]:
            spoken.pop()
        spoken.append(LAST)
        scores: dict[str, float] = dict.fromkeys(INTENTS, 0.0)
        scores[REPORT] = START + TOPIC * topic
        covered = self._add(scores, spoken)
        self._add_signs(scores, text, heard)
        scores = {intent: min(MOST.get(intent, ENOUGH), score) for intent, score in scores.items()}
        scores[REPORT] += STORY_WORD * max(0, len(heard) - STORY_FROM)
        content = sum(1 for place, ways in enumerate(spoken) if ways and self._tells(ways, place, covered))
        less = min(MOST_CONTENT, CONTENT * content)
        sums = {intent: score - less * SMALL_TALK.get(intent, 0.0) for intent, score in scores.items()}
        told = self._told.of(heard)
        for intent, evidence in told.items():
            sums[intent] += TOLD * evidence
        if any(told.values()):
            sums[REPORT] += FEWER * max(0, FEW - len(heard))
        best = max(INTENTS, key=sums.__getitem__)
        return best if sums[best] > sums[REPORT] else REPORT

    def _add(self, scores: dict[str, float], spoken: Sequence[Ways]) -> set[int]:
        """Count each phrase once where it stands; a word inside a longer phrase does not speak alone."""
        covered: set[int] = set()
        once: set[tuple[str, tuple[int, ...]]] = set()
        found = sorted(self._book.find(spoken), key=lambda hit: (-len(hit[1]), -abs(hit[0][1])))
        head, taken = scores[REPORT], dict[int, int]()
        met: set[str] = set()
        for (intent, strength), span in found:
            if strength == NEEDED:
                met.add(intent)
                continue
            if strength > 0 and any(taken.get(place, 0) > len(span) for place in span):
                continue
            mark = (intent, tuple(span))
            if mark in once:
                continue
            once.add(mark)
            scores[intent] += strength
            if strength > 0:
                covered.update(span)
                taken.update({place: max(taken.get(place, 0), len(span)) for place in span})
        most = 0.0 if ASKED.isdisjoint(spoken[0]) else MARKED
        for intent in self._needing - met:
            scores[intent] = min(most, scores[intent])
        rest = max(score for intent, score in scores.items() if intent not in (REPORT, QUESTION, HELP))
        if QUESTION in met and max(rest, scores[REPORT] - head) < STRENGTHS["likely"]:  # it asks, and says little else
            scores[HELP if scores[HELP] > 0 else QUESTION] += ASKING
        return covered

    def _add_signs(self, scores: dict[str, float], text: str, tokens: Sequence[str]) -> None:
        """Ticket numbers, links, places shown, laughter and question marks."""
        if _TICKET.search(text):
            scores["status"] += STRENGTHS["sure"]
        link = _LINK.search(text)
        if link and _MAP.search(link[0]):  # whoever shows a place has something to report there
            scores[REPORT] += STRENGTHS["sure"]
        elif link:
            scores["spam"] += 1.0 if len(tokens) > 4 else 2.0
        if any(_LAUGH.match(token) for token in tokens):
            scores["chitchat"] += STRENGTHS["likely"]
        if "?" in text:
            for intent in ("info", "help", "status", "chitchat"):
                if scores[intent] > 0:
                    scores[intent] += 0.5
        if not _LETTER.search(text) and text.strip() and not any(c.isdigit() for c in text):
            scores["chitchat"] += STRENGTHS["likely"]

    def _tells(self, ways: Ways, place: int, covered: set[int]) -> bool:
        return place not in covered and EDGES.isdisjoint(ways) and self._small.isdisjoint(ways)
