"""Marks for an exam: how often the understanding answers what a person wrote down as right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from routing.decide import Decision
from routing.measure_place import OUTCOMES, Spot, place_outcome
from routing.place_reading import PlaceReading

MOST_CONFUSIONS = 12


class Question(Struct, frozen=True):
    """One sentence of an exam and what would be right. A field left empty is not asked.

    intents: any of these will do
    dangers: any of these kinds will do; () says that nobody is in danger, None that it is not asked
    hard:    nobody is in danger although the words sound like it
    places:  any of these will do
    """

    category: str = ""
    intents: tuple[str, ...] = ()
    dangers: tuple[str, ...] | None = None
    hard: bool = False
    places: tuple[Spot, ...] = ()
    style: str = ""


class Answer(Struct, frozen=True):
    """What the understanding made of it. `codes` best first; `agencies`: the best code's office and the right one's."""

    codes: tuple[str, ...]
    decision: Decision
    agencies: tuple[str | None, str | None]
    intent: str
    danger: str | None
    place: PlaceReading


Pair = tuple[Question, Answer]


class Hits(Struct, frozen=True):
    n: int
    top1: float
    top3: float


class Confusion(Struct, frozen=True):
    right: str
    said: str
    n: int


class Sure(Struct, frozen=True):
    coverage: float
    precision: float | None


class CategoryMarks(Struct, frozen=True):
    n: int
    top1: float
    top3: float
    agency_top1: float
    macro_recall: float
    sure: Sure
    decisions: dict[str, float]
    by_category: dict[str, Hits]
    by_style: dict[str, Hits]
    confusions: list[Confusion]


class IntentMarks(Struct, frozen=True):
    n: int
    accuracy: float
    reports_taken_as_reports: float | None
    recall: dict[str, float]
    confusions: list[Confusion]


class DangerMarks(Struct, frozen=True):
    n: int
    in_danger: int
    recall: float | None
    precision: float | None
    kind_right: float | None
    hard_negatives: int
    hard_negatives_silent: float | None
    recall_by_kind: dict[str, float]


class PlaceMarks(Struct, frozen=True):
    n: int
    right: float
    asked: float
    misled: float
    silently_wrong: float
    right_or_asked: float


class Marks(Struct, frozen=True):
    """Each part is None when the exam does not ask about it."""

    category: CategoryMarks | None
    intent: IntentMarks | None
    danger: DangerMarks | None
    place: PlaceMarks | None


def mark(pairs: Sequence[Pair]) -> Marks:
    """The marks of a whole exam."""
    categories = [p for p in pairs if p[0].category]
    intents = [p for p in pairs if p[0].intents]
    dangers = [p for p in pairs if p[0].dangers is not None]
    places = [p for p in pairs if p[0].places]
    return Marks(
        _category_marks(categories) if categories else None,
        _intent_marks(intents) if intents else None,
        _danger_marks(dangers) if dangers else None,
        _place_marks(places) if places else None,
    )


def _share(count: int, of: int) -> float | None:
    return round(count / of, 4) if of else None


def _of(found: Iterable[bool]) -> float:
    each = list(found)
    return round(sum(each) / len(each), 4) if each else 0.0


def _category_marks(pairs: Sequence[Pair]) -> CategoryMarks:
    by_category = _hits(pairs, lambda asked: asked.category)
    sure = [_first(p) for p in pairs if p[1].decision == "sure"]
    decisions = Counter(answer.decision for _, answer in pairs)
    wrong = [(asked.category, answer.codes[0] if answer.codes else "") for asked, answer in pairs]
    return CategoryMarks(
        n=len(pairs),
        top1=_of(map(_first, pairs)),
        top3=_of(map(_among, pairs)),
        agency_top1=_of(said is not None and said == right for said, right in (a.agencies for _, a in pairs)),
        macro_recall=round(sum(hits.top1 for hits in by_category.values()) / len(by_category), 4),
        sure=Sure(round(len(sure) / len(pairs), 4), _share(sum(sure), len(sure))),
        decisions={name: round(decisions[name] / len(pairs), 4) for name in ("sure", "ask", "unknown")},
        by_category=by_category,
        by_style={style: hits for style, hits in _hits(pairs, lambda asked: asked.style).items() if style},
        confusions=_confusions(wrong),
    )


def _first(pair: Pair) -> bool:
    return pair[1].codes[:1] == (pair[0].category,)


def _among(pair: Pair) -> bool:
    return pair[0].category in pair[1].codes[:3]


def _hits(pairs: Sequence[Pair], named: Callable[[Question], str]) -> dict[str, Hits]:
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(named(pair[0]), []).append(pair)
    return {name: Hits(len(of), _of(map(_first, of)), _of(map(_among, of))) for name, of in sorted(groups.items())}


def _confusions(right_and_said: Iterable[tuple[str, str]]) -> list[Confusion]:
    counted = Counter(pair for pair in right_and_said if pair[0] != pair[1])
    return [Confusion(right, said, n) for (right, said), n in counted.most_common(MOST_CONFUSIONS)]


def _intent_marks(pairs: Sequence[Pair]) -> IntentMarks:
    by_intent: dict[str, list[bool]] = {}
    for asked, answer in pairs:
        by_intent.setdefault(asked.intents[0], []).append(answer.intent in asked.intents)
    recall = {intent: _of(found) for intent, found in sorted(by_intent.items())}
    missed = [(asked.intents[0], a.intent) for asked, a in pairs if a.intent not in asked.intents]
    return IntentMarks(
        n=len(pairs),
        accuracy=_of(answer.intent in asked.intents for asked, answer in pairs),
        reports_taken_as_reports=recall.get("report"),
        recall=recall,
        confusions=_confusions(missed),
    )


def _danger_marks(pairs: Sequence[Pair]) -> DangerMarks:
    told = [(asked.dangers or (), answer.danger) for asked, answer in pairs]
    heard = [(kinds, said) for kinds, said in told if kinds and said]
    by_kind: dict[str, list[bool]] = {}
    for kinds, said in told:
        if kinds:
            by_kind.setdefault(kinds[0], []).append(said is not None)
    in_danger = sum(map(len, by_kind.values()))
    alarms = sum(said is not None for _, said in told)
    hard = [answer.danger is None for asked, answer in pairs if asked.hard]
    return DangerMarks(
        n=len(pairs),
        in_danger=in_danger,
        recall=_share(len(heard), in_danger),
        precision=_share(len(heard), alarms),
        kind_right=_share(sum(said in kinds for kinds, said in heard), len(heard)),
        hard_negatives=len(hard),
        hard_negatives_silent=_share(sum(hard), len(hard)),
        recall_by_kind={kind: _of(found) for kind, found in sorted(by_kind.items())},
    )


def _place_marks(pairs: Sequence[Pair]) -> PlaceMarks:
    counted = Counter(place_outcome(asked.places, answer.place) for asked, answer in pairs)
    share = {outcome: round(counted[outcome] / len(pairs), 4) for outcome in OUTCOMES}
    kept = round((counted["right"] + counted["asked"]) / len(pairs), 4)
    return PlaceMarks(n=len(pairs), right_or_asked=kept, **share)


def mistakes(pair: Pair) -> list[tuple[str, str, str]]:
    """What of one sentence was answered wrongly: what was asked, what is right, what was said."""
    asked, said = pair
    found = []
    if asked.category and not _first(pair):
        found.append(("category", asked.category, " ".join(said.codes[:3])))
    if asked.intents and said.intent not in asked.intents:
        found.append(("intent", "/".join(asked.intents), said.intent))
    if asked.dangers is not None and bool(asked.dangers) != bool(said.danger):
        found.append(("danger", "/".join(asked.dangers), said.danger or ""))
    if asked.places and (outcome := place_outcome(asked.places, said.place)) in ("misled", "silently_wrong"):
        found.append(("place", "/".join(map(str, asked.places)), f"{outcome}: {_read(said.place)}"))
    return found


def _read(place: PlaceReading) -> str:
    offered = [guess.kelurahan.name if guess.kelurahan else f"kec:{guess.kecamatan}" for guess in place.candidates]
    return place.outside or " ".join(offered)
