"""Takes what a message brings (words, pictures, points) into the draft, whichever question was asked."""

from __future__ import annotations

import re

from msgspec.structs import replace

from conversations import both, landmarks, where, wording
from conversations.effects import Effect, KeepMedia, Say
from conversations.inbound import Attachment
from conversations.state import Draft, Media, Place, State, begin
from conversations.step import Outcome, Turn
from conversations.wording import choice
from routing.masking import has_personal_numbers, mask
from routing.place import LinkOnly, Point, parse_point
from texts.text import Text, say

MOST_MEDIA = 10
MOST_WORDS = 12_000  # characters of one report
MOST_PLACE = 400
MOST_LATER = 5  # problems that wait; what is told beyond goes with the last of them
FEW_WORDS = 3  # fewer are no addition to a report but a missed answer
_LINK = re.compile(r"(?:https?://|geo:|maps:)\S+", re.IGNORECASE)


def has_content(draft: Draft | None) -> bool:
    """Whether there is anything in the draft that would be a pity to lose."""
    return draft is not None and bool(draft.text or draft.media or draft.place or draft.category)


def unsent(state: State) -> bool:
    """Whether anything waits to be sent: the draft, words that may be about a sent report, another problem."""
    waits = state.held is not None or state.other is not None
    return waits or has_content(state.draft) or bool(state.later)


def media_of(turn: Turn) -> tuple[Media, ...]:
    return tuple(Media(a.ref, a.kind.value) for a in turn.inbound.attachments)


def take_media(turn: Turn) -> Outcome:
    """Keep the files that came along with the draft (at most MOST_MEDIA) and say so."""
    state = begin(turn.state)
    draft = state.taking
    known = {media.ref for media in draft.media}
    room = MOST_MEDIA - len(draft.media)
    fresh = [a for a in turn.inbound.attachments if a.ref not in known]
    taken = fresh[: max(0, room)]
    draft = replace(draft, media=draft.media + tuple(Media(a.ref, a.kind.value) for a in taken))
    asked = state.held is not None  # whose files they are is not known yet: all are kept with the answer to that
    effects: list[Effect] = [] if asked else [KeepMedia(a) for a in taken]
    if len(fresh) > len(taken):
        effects.append(Say(say("photo.enough", count=MOST_MEDIA)))
    elif taken:
        effects.append(Say(_kept(taken, draft)))
    return Outcome(state.taken(draft), tuple(effects))


def _kept(taken: list[Attachment], draft: Draft) -> Text:
    kinds = {a.kind.value for a in taken}
    if kinds & {"voice", "audio"}:
        return say("media.voice_kept")
    if "video" in kinds:
        return say("media.video_kept")
    if "document" in kinds:
        return say("media.document_kept")
    return say("photo.kept", count=sum(1 for media in draft.media if media.kind == "photo"))


def take_point(turn: Turn, lat: float, lon: float, source: str, label: str = "") -> Outcome:
    """A point for the draft; one outside the city is not kept and leads to the ways on."""
    state = begin(turn.state)
    draft = state.taking
    if not turn.city.places.inside(lat, lon):
        owner = turn.city.places.owner_at(lat, lon)
        if state.other is not None:  # the ways on wait for that problem's own turn
            return Outcome(state, (Say(where.not_ours(turn, owner)),), goto="another")
        memo = f"outside:{owner}" if owner else "outside"
        return Outcome(replace(state, step="location", memo=memo), goto="location")
    old = draft.place
    words = label or (old.words if old else "")
    place = Place(lat=lat, lon=lon, source=source, words=words[:MOST_PLACE])
    memo = "" if state.step == "location" else state.memo
    early = not draft.text or not draft.category  # something else is asked next: say that the point has arrived
    effects = (Say(say("location.kept")),) if early and not draft.place else ()
    filled = state.taken(replace(draft, place=place, nearby_done=False))
    return Outcome(replace(filled, memo=memo), effects)


def take_where(turn: Turn, words: str) -> Outcome:
    """They say where before what: kept, and the kind is asked again."""
    goto = "category" if turn.state.correcting else ""
    old, found = turn.draft.place, where.kelurahan_in(turn, words)
    known = old is not None and (old.lat is not None or old.confirmed)
    if known or not (found or landmarks.only_where(words)):
        return replace(add(turn, words), goto=goto)
    words, state, effects = masked(turn, words)
    before = old or Place()
    both_told = f"{before.words}, {words}" if before.words else words
    kelurahan = found[0] if found else before.kelurahan
    place = Place(source="words", words=both_told[:MOST_PLACE], kelurahan=kelurahan)
    said = Say(say("location.noted", words=wording.short(words, 120)))
    draft = replace(turn.draft, place=place, nearby_done=False)
    return Outcome(replace(state, draft=draft), (*effects, said), goto=goto)


def take_kind(turn: Turn, code: str) -> Outcome:
    """The kind the citizen chose."""
    draft = replace(turn.draft, category=code, category_by="citizen", nearby_done=False)
    if _delicate(turn, code) != _delicate(turn, turn.draft.category):
        draft = replace(draft, named=None)  # delicate kinds are kept secret by themselves, others ask
    return Outcome(replace(turn.state, draft=draft, memo=""))


def _delicate(turn: Turn, code: str) -> bool:
    return bool(code) and turn.city.catalogue.category(code).confidential


def point_in(turn: Turn) -> Point | LinkOnly | None:
    """The point a text holds, looked for only where one can be."""
    text = turn.inbound.text
    if "://" in text or "geo:" in text or "goo.gl" in text or any(c.isdigit() for c in text):
        return parse_point(text)
    return None


def without_links(text: str) -> str:
    """The words around a pasted map link."""
    return _LINK.sub(" ", text).strip()


def masked(turn: Turn, words: str) -> tuple[str, State, tuple[Effect, ...]]:
    """The words without identity and phone numbers, and e-mail addresses; the first time their sender is asked to leave
    such numbers out."""
    if not has_personal_numbers(words):
        return words, turn.state, ()
    if not any(c.isdigit() for c in words):
        return mask(words), turn.state, ()
    warning = () if turn.state.warned else (Say(say("privacy.numbers")),)
    return mask(words), replace(turn.state, warned=True), warning


def describe(turn: Turn, words: str) -> Outcome:
    """The words become the description; what was there before is replaced. A second problem in them waits its turn."""
    words, state, effects = masked(turn, words[:MOST_WORDS])
    state = begin(state)
    before = state.draft or Draft()
    if not before.text and not before.category:
        words, state, beside = _first_of_two(turn, words, state)
        effects = (*effects, *beside)
    if before.category_by == "kind":  # concluded from the words before
        before = replace(before, kind="", category="", category_by="")
    draft = replace(before, text=words, text_message=turn.inbound.message_id, text_length=len(words))
    return Outcome(replace(state, draft=draft), effects)


def _first_of_two(turn: Turn, words: str, state: State) -> tuple[str, State, tuple[Effect, ...]]:
    """The words, or the first of two problems in them; the other one waits, with the point that came along."""
    two = both.split(turn, words)
    if two is None:
        return words, state, ()
    place = state.draft.place if state.draft else None
    other = Draft(
        text=two.second,
        text_message=turn.inbound.message_id,
        text_length=len(two.second),
        place=replace(place, confirmed=False) if place else None,
    )
    one = (choice("together", "another.together"),)
    return two.first, afterwards(state, other), (Say(say("another.beside", words=wording.short(two.second, 120)), one),)


def together(turn: Turn) -> Outcome:
    """What was taken for two problems is one."""
    draft, state = turn.draft, turn.state
    theirs = [other for other in state.later if other.text_message == draft.text_message]
    if not theirs:
        return Outcome(state, goto=state.step)
    message, added = draft.text[: draft.text_length], draft.text[draft.text_length :]
    whole = "\n".join([message, *(other.text for other in theirs)])
    draft = replace(draft, text=f"{whole}{added}"[:MOST_WORDS], text_length=len(whole))
    rest = tuple(other for other in state.later if other not in theirs)
    said = Say(say("describe.added", words=wording.short(theirs[0].text, 120)))
    return Outcome(replace(state, draft=draft, later=rest), (said,), goto=state.step)


def add(turn: Turn, words: str) -> Outcome:
    """More words for a description that is there already."""
    words, state, effects = masked(turn, words)
    draft = turn.draft
    text = f"{draft.text}\n{words}"[:MOST_WORDS]
    said = Say(say("describe.added", words=wording.short(words, 120)))
    return Outcome(replace(state, draft=replace(draft, text=text)), (*effects, said))


def joined(one: Draft, more: Draft) -> Draft:
    """One report that also holds what was told of another problem; a newer place is shown back before it counts."""
    known = {media.ref for media in one.media}
    media = (*one.media, *(kept for kept in more.media if kept.ref not in known))
    draft = replace(one, text=f"{one.text}\n{more.text}"[:MOST_WORDS], media=media[:MOST_MEDIA])
    draft = replace(draft, danger=one.danger or more.danger)
    if more.place is None:
        return draft
    words = more.place.words or (one.place.words if one.place else "")
    return replace(draft, place=replace(more.place, words=words), nearby_done=False)


def afterwards(state: State, other: Draft) -> State:
    """Another problem has its turn when the report in hand has come to its end."""
    *before, last = *state.later, other
    if len(before) >= MOST_LATER:
        *before, full = before
        last = joined(full, other)
    return replace(state, later=(*before, last), other=None)


def left_out(*drafts: Draft) -> tuple[Effect, ...]:
    """What to say when their files are more than one report takes."""
    refs = {media.ref for draft in drafts for media in draft.media}
    return (Say(say("photo.enough", count=MOST_MEDIA)),) if len(refs) > MOST_MEDIA else ()


def with_more(turn: Turn, words: str, *said: Effect) -> Outcome:
    """Words that answered a question: a sentence tells more than the answer, so it goes into the description too."""
    if len(words.split()) <= FEW_WORDS:
        return Outcome(turn.state, said)
    added = add(turn, words)
    return replace(added, effects=(*said, *added.effects))


def amend_waiting(turn: Turn, words: str) -> Outcome | None:
    """The message of a problem that waits for its turn was edited; None when it told none."""
    state, message = turn.state, turn.inbound.message_id
    if not message or not any(one.text_message == message for one in (state.other, *state.later) if one is not None):
        return None
    words, state, effects = masked(turn, words[:MOST_WORDS])

    def changed(one: Draft) -> Draft:
        if one.text_message != message:
            return one
        return replace(one, text=words + one.text[one.text_length :], text_length=len(words))

    other = changed(state.other) if state.other is not None else None
    state = replace(state, other=other, later=tuple(map(changed, state.later)))
    return Outcome(state, (*effects, Say(say("edit.changed", words=wording.short(words, 120)))), goto=state.step)


def amend(turn: Turn, words: str) -> Outcome:
    """The message the description came from was edited: its part is replaced, later additions stay."""
    words, state, effects = masked(turn, words[:MOST_WORDS])
    draft = turn.draft
    state = replace(state, later=tuple(o for o in state.later if o.text_message != draft.text_message))
    rest = draft.text[draft.text_length :]
    whole = words
    if len(state.later) < len(turn.state.later):  # it told of two problems: it may still
        words, state, _ = _first_of_two(turn, words, state)
    again = draft.category_by in ("sure", "kind")  # we had concluded it from the words, so we look again
    draft = replace(
        draft,
        text=words + rest,
        text_length=len(words),
        category="" if again else draft.category,
        category_by="" if again else draft.category_by,
        kind="" if draft.category_by == "kind" else draft.kind,
    )
    said = Say(say("edit.changed", words=wording.short(whole, 120)))
    return Outcome(replace(state, draft=draft), (*effects, said))
