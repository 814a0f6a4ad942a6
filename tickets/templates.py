"""Forms of words that a platform must approve before they may be sent after a day of silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from texts.text import Param, Text

BODY = 1024  # signs of a filled form
VALUE = 400  # signs of one value
LABEL = 25
QUICK_REPLIES = 10
NAME = re.compile(r"[a-z0-9_]{1,512}")
SLOT = re.compile(r"\{\{(.*?)\}\}")
NEWS = "@news"  # the value that is the whole text of the notice, in one line
NOTHING = "-"  # an empty value is refused by the platform
SHORT_WORDS = 3  # a form needs at least so many fixed words for each value


class Reply(Struct, frozen=True):
    """A quick reply. actions: what it stands for, the first one that the notice itself offers is taken."""

    actions: tuple[str, ...]
    labels: Mapping[str, str]  # by language


class Wording(Struct, frozen=True):
    """A form in one language: words with {{1}}, {{2}} ..., and samples of what fills them."""

    body: str
    samples: tuple[str, ...]


class Form(Struct, frozen=True):
    """One form.

    stands_for: keys of the texts it can be sent instead of; "card.assigned" for an officer's card
    values:     the parameter that fills each slot in turn, "note|words" takes the first one there is
    """

    code: str
    name: str
    stands_for: tuple[str, ...]
    values: tuple[str, ...]
    wordings: Mapping[str, Wording]
    replies: tuple[Reply, ...] = ()
    category: str = "UTILITY"


def candidates(forms: tuple[Form, ...], keys: tuple[str, ...]) -> Iterator[Form]:
    """The forms that can say a text made of these keys, in the order of the city's file: the closest ones first."""
    yield from (form for form in forms if any(key in form.stands_for for key in keys))


def pieces(text: Text) -> tuple[tuple[str, ...], dict[str, Param]]:
    """All keys a text is made of, in the order in which they are read, and all its parameters (the first of a name)."""
    keys: list[str] = []
    params: dict[str, Param] = {}
    _walk(text, keys, params)
    return tuple(keys), params


def _walk(text: Text, keys: list[str], params: dict[str, Param]) -> None:
    keys.append(text.key)
    for name, value in text.params.items():
        if text.key == "card.join" and isinstance(value, Text):
            _walk(value, keys, params)
        else:
            params.setdefault(name, value)


def fill(form: Form, params: Mapping[str, Param], render: Callable[[Param], str], news: str) -> tuple[str, ...]:
    """The values of a form, each in one line; together with the words they stay within what a body may hold."""
    values = []
    for wanted in form.values:
        name = next((one for one in wanted.split("|") if one in params), "")
        words = news if wanted == NEWS else render(params[name]) if name else ""
        values.append(one_line(words) or NOTHING)
    fixed = max((len(SLOT.sub("", wording.body)) for wording in form.wordings.values()), default=0)
    room = BODY - fixed
    for place in sorted(range(len(values)), key=lambda n: -len(values[n])):
        others = sum(len(value) for n, value in enumerate(values) if n != place)
        values[place] = shortened(values[place], max(20, min(VALUE, room - others)))
    return tuple(values)


def one_line(words: str) -> str:
    """No line ends, no tabs, never four spaces in a row: the platform refuses them in a value."""
    return " ".join(words.split())


def shortened(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def lint(forms: tuple[Form, ...], languages: tuple[str, ...]) -> list[str]:
    """What the platform would refuse, or what would go wrong here; empty when all is well."""
    wrong = [
        f"two forms are called {name}" for name in {f.name for f in forms} if [f.name for f in forms].count(name) > 1
    ]
    for form in forms:
        wrong += [f"{form.code}: {problem}" for problem in _form(form, languages)]
    return wrong


def _form(form: Form, languages: tuple[str, ...]) -> Iterator[str]:
    if not NAME.fullmatch(form.name):
        yield f"the name {form.name!r} may only hold small letters, digits and _"
    if form.category != "UTILITY":
        yield f"category {form.category}: news about one's own report is UTILITY"
    if len(form.replies) > QUICK_REPLIES:
        yield f"{len(form.replies)} quick replies: at most {QUICK_REPLIES}"
    for language in languages:
        if language not in form.wordings:
            yield f"no words in {language}"
    for language, wording in form.wordings.items():
        yield from (f"{language}: {problem}" for problem in _wording(form, wording))
        labels = [reply.labels.get(language, "") for reply in form.replies]
        yield from (
            f"{language}: the label {label!r} has 1 to {LABEL} signs" for label in labels if not 0 < len(label) <= LABEL
        )
        if len(set(labels)) < len(labels):
            yield f"{language}: two quick replies have the same label"


def _wording(form: Form, wording: Wording) -> Iterator[str]:
    body, slots = wording.body, SLOT.findall(wording.body)
    if slots != [str(n) for n in range(1, len(slots) + 1)]:
        yield f"slots must be {{{{1}}}}, {{{{2}}}} ... in this order, not {', '.join(slots)}"
    if len(slots) != len(form.values):
        yield f"{len(slots)} slots and {len(form.values)} values"
    if len(wording.samples) != len(slots) or not all(sample.strip() for sample in wording.samples):
        yield "every slot needs a sample"
    if body != body.strip() or body.startswith("{{") or body.rstrip(".!?… ").endswith("}}"):
        yield "the body must not begin or end with a slot or a space"
    if "}}{{" in body.replace(" ", ""):
        yield "two slots stand side by side"
    if len(body) > BODY or len(SLOT.sub("", body)) + sum(map(len, wording.samples)) > BODY:
        yield f"more than {BODY} signs"
    if len(SLOT.sub(" ", body).split()) < SHORT_WORDS * max(1, len(slots)):
        yield "too few words for so many slots"
    if "\n\n\n" in body or "\t" in body or "    " in body:
        yield "at most one empty line, no tabs, no four spaces in a row"


def submission(form: Form, language: str) -> dict[str, object]:
    """What the platform is sent to approve a form: the body of POST /<account>/message_templates."""
    wording = form.wordings[language]
    body: dict[str, object] = {"type": "BODY", "text": wording.body}
    if wording.samples:
        body["example"] = {"body_text": [list(wording.samples)]}
    components: list[dict[str, object]] = [body]
    if form.replies:
        buttons = [{"type": "QUICK_REPLY", "text": reply.labels[language]} for reply in form.replies]
        components.append({"type": "BUTTONS", "buttons": buttons})
    return {"name": form.name, "language": language, "category": form.category, "components": components}
