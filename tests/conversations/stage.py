"""The bare engine as a world for stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from conversations.effects import Effect, JoinTicket, KeepMedia, MoveTicket, OpenTicket, Rate, Relay, Say, SetLocale
from conversations.inbound import Attachment, Kind, MediaKind, Pin
from conversations.state import Draft
from tests.conversations.player import Heard
from tests.conversations.world import MORNING, Dialogue, a_ticket, bekasi, keys
from tickets.ticket import Outcome, Status

SCHOOL = (-6.298, 106.959)  # where all stories happen, in Jatiasih
METRE = 1 / 111_195


class Stage:
    """One citizen and the engine; nothing is stored but in memory."""

    def __init__(self) -> None:
        self.dialogue = Dialogue()
        self.sent: list[Draft] = []
        self.messages: dict[str, str] = {}  # name in the story -> message id

    def given(self, ticket: Mapping[str, Any]) -> None:
        fields = dict(ticket)
        number, mine = fields.pop("id"), fields.pop("mine", True)
        lat = SCHOOL[0] + fields.pop("metres", 60) * METRE
        fields["status"] = Status(fields.get("status", "assigned"))
        if "outcome" in fields:
            fields["outcome"] = Outcome(fields["outcome"])
        fields["opened_at"] = MORNING - timedelta(days=fields.pop("days", 2))
        if fields["status"] is Status.CLOSED:
            fields["closed_at"] = fields["opened_at"] + timedelta(days=1)
        if fields.pop("taken", False):
            fields["acknowledged_at"] = MORNING - timedelta(days=1)
        facts = self.dialogue.facts
        facts.spoken = number if fields.pop("spoke", False) else facts.spoken
        if fields.pop("follows", False):  # somebody else's report, whose news this person gets
            facts.followed |= {number}
        kept = a_ticket(number, lat=lat, lon=SCHOOL[1], **fields)
        (facts.mine if mine else facts.others)[number] = kept
        facts.messages[f"notice-{number}"] = number

    def send(self, event: Mapping[str, Any]) -> Heard:
        if "press" in event:
            return self._heard(self.dialogue.press(event["press"]))
        if "locale" in event:
            self.dialogue.locale = event["locale"]
        self.dialogue.facts.named = self.dialogue.facts.named and not event.get("nameless")
        inbound = self._inbound(event)
        effects = self.dialogue.send(**inbound)
        if "name" in event:
            self.messages[event["name"]] = f"m{self.dialogue.count}"
        return self._heard(effects)

    def _inbound(self, event: Mapping[str, Any]) -> dict[str, Any]:
        inbound: dict[str, Any] = {"text": event.get("text", "")}
        files = [Attachment(MediaKind.PHOTO, ref) for ref in event.get("photos", ())]
        files += [Attachment(MediaKind(kind), ref) for kind, ref in event.get("files", {}).items()]
        inbound["attachments"] = tuple(files)
        for name in ("album", "command", "unreadable"):
            inbound[name] = event.get(name, "")
        if "pin" in event:
            inbound["pin"] = Pin(*event["pin"])
        if "edit" in event:
            inbound |= {"kind": Kind.EDIT, "message_id": self.messages[event["edit"]]}
        if "live" in event:
            inbound |= {"kind": Kind.EDIT, "pin": Pin(*event["live"], source="live")}
        if "quote" in event:
            inbound["reply_to"] = f"notice-{event['quote']}"
        if "tap" in event:  # exactly this data, as an old or doubled button has it
            inbound |= {"kind": Kind.PRESS, "action": event["tap"]}
        return inbound

    def wait(self, span: Mapping[str, float]) -> Heard:
        return self._heard(self.dialogue.pass_time(**span))

    def opened(self) -> Sequence[Mapping[str, Any]]:
        return [_report(draft) for draft in self.sent]

    def _heard(self, effects: Sequence[Effect]) -> Heard:
        self._carry_out(effects)
        said = [e for e in effects if isinstance(e, Say)]
        return Heard(
            [key for say in said for key in keys(say.text)],
            [bare(c.action) for say in said for c in say.choices],
            [name for e in effects if (name := _name(e))],
            any(say.after_s for say in said),
        )

    def _carry_out(self, effects: Sequence[Effect]) -> None:
        """As much of the use cases as stories need."""
        facts = self.dialogue.facts
        for effect in effects:
            if isinstance(effect, OpenTicket):
                self.sent.append(effect.draft)
                number = 100 + len(self.sent)
                facts.mine[number] = a_ticket(number, category=effect.draft.category, opened_at=self.dialogue.now)
            elif isinstance(effect, JoinTicket) and effect.ticket in facts.others:
                facts.mine[effect.ticket] = facts.others.pop(effect.ticket)
            elif isinstance(effect, Relay):
                facts.spoken = 0
            elif isinstance(effect, MoveTicket):
                after = {"confirm": Status.CLOSED, "reopen": Status.REOPEN_REQUESTED, "withdraw": Status.CLOSED}
                ticket = facts.mine[effect.ticket]
                moved = replace(ticket, status=after.get(effect.action, Status.IN_PROGRESS), version=ticket.version + 1)
                facts.mine[effect.ticket] = moved


def bare(action: str) -> str:
    prompt, bar, rest = action.partition("|")
    return rest if bar and prompt.isdigit() else action


def _name(effect: Effect) -> str:
    match effect:
        case OpenTicket():
            return "OpenTicket"
        case JoinTicket():
            return f"JoinTicket:{effect.ticket}"
        case MoveTicket():
            return f"MoveTicket:{effect.ticket}:{effect.action}"
        case Relay():
            return f"Relay:{effect.ticket}"
        case Rate():
            return f"Rate:{effect.ticket}:{effect.stars or 'remark'}"
        case KeepMedia():
            return f"KeepMedia:{effect.ticket}" if effect.ticket else "KeepMedia"
        case SetLocale():
            return f"SetLocale:{effect.locale}"
        case _:
            return ""


def _report(draft: Draft) -> dict[str, Any]:
    place = draft.place
    known = bekasi().places.by_code.get(place.kelurahan) if place else None
    return {
        "category": draft.category,
        "kind": draft.kind or "complaint",
        "text": draft.text,
        "kelurahan": known.name if known else "",
        "place_words": place.words if place else "",
        "pinned": bool(place and place.lat is not None),
        "photos": len(draft.media),
        "named": bool(draft.named),
        "danger": bool(draft.danger),
    }
