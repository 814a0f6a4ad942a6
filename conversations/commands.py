"""Commands and buttons that mean the same at any time: batal, bantuan, status, bahasa, kembali, mulai, lapor."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from conversations import answers, flow, opening, pending, told
from conversations.effects import LinkApps, Say
from conversations.state import Draft
from conversations.step import Outcome, Turn
from conversations.steps import STEPS
from conversations.wording import choice
from texts.text import say
from texts.words import COMMANDS, OFFICIAL
from tickets.ticket import Status


def run(turn: Turn, name: str) -> Outcome:
    """A slash command or a word of the same meaning; whatever it is, it gets an answer."""
    meant = COMMANDS.get(name) or answers.command(name) or name
    if meant in _COMMANDS:
        return _COMMANDS[meant](turn)
    key = "command.official" if name in OFFICIAL else "command.unknown"
    return _again(turn, Say(say(key)))


def press(turn: Turn, action: str) -> Outcome | None:
    """A button that means the same anywhere; None when it belongs to the step."""
    action = action.removeprefix("yes:").removeprefix("no:")
    if action in _BUTTONS:
        return _BUTTONS[action](turn)
    if action.startswith("edit:") and turn.state.draft is not None:
        return correct(turn, action.removeprefix("edit:"))
    return None


def _again(turn: Turn, *said: Say) -> Outcome:
    """Say something, then ask the present question once more; without one, show what can be done."""
    step = turn.state.step
    if not step and turn.state.draft is None:
        return Outcome(turn.state, said, goto="menu")
    return Outcome(turn.state, said, goto=step)


def _start(turn: Turn) -> Outcome:
    """The notice about personal data; a draft is never wiped by a greeting."""
    hello = Say(say("start.welcome", city=turn.city.name))
    if told.has_content(turn.state.draft):
        return Outcome(turn.state, (hello, pending.offer(turn)), stay=True)
    if turn.state.held:
        return Outcome(turn.state, (hello,), goto="which")
    return Outcome(turn.state.emptied(), (hello,), goto="menu")


def _cancel(turn: Turn) -> Outcome:
    """Nothing told is thrown away without being asked."""
    written = told.has_content(turn.state.draft) or bool(turn.state.held)
    if written and not _keeps(turn):
        sure = Say(say("cancel.sure"), (choice("yes:discard", "cancel.yes"), choice("no:resume", "cancel.no")))
        return Outcome(turn.state, (sure,), stay=True)
    if turn.state.step or turn.state.draft is not None:
        return Outcome(turn.state.idle() if written else turn.state.emptied(), (Say(say("common.left")),))
    if (only := opening.withdrawable(turn)) is not None:
        return opening.opened(turn, only, "withdraw")
    running = any(ticket.status is not Status.CLOSED for ticket in turn.facts.my_tickets())
    return Outcome(turn.state, (Say(say("cancel.sent" if running else "cancel.nothing")),), goto="menu")


def _keeps(turn: Turn) -> bool:
    step = STEPS.get(turn.state.step)
    return step is not None and step.keeps


def _help(turn: Turn) -> Outcome:
    busy = turn.state.draft is not None or turn.state.step not in ("", "menu")
    ways = () if busy else (choice("link", "link.button"),)
    return _again(turn, Say(say("help.text", city=turn.city.name), ways))


def _link(turn: Turn) -> Outcome:
    return Outcome(turn.state, (LinkApps(),), stay=True)


def _status(turn: Turn) -> Outcome:
    """The list; one report is shown at once, and so is the one whose number came along."""
    tickets = turn.facts.my_tickets()
    named = opening.by_number(turn, turn.inbound.text, tickets)
    state = turn.state
    if named is not None or len(tickets) == 1:
        shown = opening.opened(turn, named or tickets[0], "status")
        return shown if state.draft is None else replace(shown, state=state, goto=state.step)
    if not tickets and told.has_content(turn.state.draft):
        return _again(turn, Say(say("follow.none_but_draft")))
    if state.step == "another":  # words wait in the question: it stays, and a number can be typed
        return Outcome(state, (Say(STEPS["follow_up"].ask(turn).text),), goto=state.step)
    return Outcome(state.idle(), goto="follow_up")


def _language(turn: Turn) -> Outcome:
    return Outcome(turn.state.idle(), goto="language")


def _back(turn: Turn) -> Outcome:
    """One question back, its answer kept until there is another; inside a step, to the step's own beginning."""
    state = turn.state
    if _keeps(turn) or (state.step and state.step not in flow.FLOW):
        return Outcome(state.idle(), (Say(say("common.left")),))
    if state.draft is None:
        return Outcome(state, goto="menu")
    if state.memo:
        return Outcome(replace(state, memo=""), goto=state.step)
    before = flow.step_before(turn, state.step)
    return correct(turn, before) if before else _again(turn, Say(say("back.first")))


def correct(turn: Turn, step: str) -> Outcome:
    """Ask one answer again; the old one counts until the new one is there."""
    if step not in flow.ASKED or turn.state.draft is None:
        return Outcome(turn.state)
    draft = turn.state.draft
    if step == "photo":
        draft = replace(draft, photos_done=False)
    if step not in ("photo", "nearby") and not STEPS[step].needed(turn):
        return Outcome(replace(turn.state, step=step, memo="", correcting=True), goto=step)
    return Outcome(replace(turn.state, draft=draft, step=step, memo="", correcting=step == "photo"), goto=step)


def _resume(turn: Turn) -> Outcome:
    if turn.state.draft is None:
        return Outcome(turn.state, goto="menu")
    return Outcome(turn.state, goto=turn.state.step)


def _discard(turn: Turn) -> Outcome:
    return Outcome(turn.state.ended(), (Say(say("draft.discarded"), (choice("new", "menu.report"),)),), stay=True)


def _fresh(turn: Turn) -> Outcome:
    return _new(replace(turn, state=turn.state.ended()))


def _new(turn: Turn) -> Outcome:
    """A new report; one that is being written is offered first."""
    if told.has_content(turn.state.draft):
        return Outcome(turn.state, (pending.offer(turn),), stay=True)
    state = replace(turn.state.emptied(), draft=Draft(), nudged=False)
    return Outcome(state, goto="describe")


def _keep(turn: Turn) -> Outcome:
    draft = turn.draft
    if turn.state.step == "photo":
        draft = replace(draft, photos_done=True)
    return Outcome(replace(turn.state, draft=draft, memo=""))


def _erase(turn: Turn) -> Outcome:
    return _again(turn, Say(say("privacy.erase", city=turn.city.name)))


def _data(turn: Turn) -> Outcome:
    return _again(turn, Say(say("privacy.data", city=turn.city.name)))


_COMMANDS: dict[str, Callable[[Turn], Outcome]] = {
    "start": _start,
    "cancel": _cancel,
    "help": _help,
    "status": _status,
    "language": _language,
    "back": _back,
    "report": _new,
    "erase": _erase,
    "data": _data,
}
_BUTTONS: dict[str, Callable[[Turn], Outcome]] = {
    "new": _new,
    "tickets": _status,
    "language": _language,
    "help": _help,
    "link": _link,
    "cancel": _cancel,
    "back": _back,
    "resume": _resume,
    "fresh": _fresh,
    "discard": _discard,
    "keep": _keep,
    "together": told.together,
}
