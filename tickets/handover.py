"""What is told when a report gets its office, or another one."""

from __future__ import annotations

from texts.text import Moment, Text, say
from tickets import sla
from tickets.city import City
from tickets.moves import Action, Changed, Role
from tickets.notice import Notice, Told, agency_name, card_choice, lines
from tickets.telling import about, promise
from tickets.ticket import Status

FORMER = Notice("old_group", cls="info", refresh_card=True)


def assigned(changed: Changed, city: City) -> Told:
    """Routed or handed over: the new office gets the card, the old one sees where it went."""
    before, after = changed.before, changed.after
    moved = before.agency != after.agency
    told = [
        *_told(changed, city, "notice.assigned"),
        Notice("group", _handed(changed, city), new_card=True, photos="report", urgent=after.danger),
    ]
    if moved:
        told.append(FORMER)
        if before.status is not Status.NEW and changed.actor.role is Role.OPS:  # else it was their own doing
            told.append(Notice("old_office", about(changed, city, "notice.group_moved"), cls="info"))
    return tuple(told)


def _handed(changed: Changed, city: City) -> Text | None:
    """Why another office sends this here; nothing for the first office."""
    if changed.action is not Action.NOT_OURS:
        return None
    return about(changed, city, "notice.group_handed", from_agency=agency_name(city, changed.before.agency))


def not_ours(changed: Changed, city: City) -> Told:
    if changed.after.status is Status.ASSIGNED:
        return assigned(changed, city)
    proposed = changed.after.suggested_agency
    why = about(
        changed,
        city,
        "notice.group_to_triage",
        from_agency=agency_name(city, changed.before.agency),
        proposed=agency_name(city, proposed) if proposed else say("card.nobody"),
    )
    told = [
        *_told(changed, city, "notice.to_triage"),
        Notice("group", why, new_card=True, photos="report", urgent=changed.after.danger),
        FORMER,
    ]
    if changed.after.bounces >= city.policy.max_bounces:
        text = about(changed, city, "notice.ops_bounced", count=changed.after.bounces)
        told.append(Notice("ops", text, (card_choice(changed.after, "route"),)))
    return tuple(told)


def _told(changed: Changed, city: City, key: str) -> Told:
    """What the former office asked or planned is over with it: the citizen neither answers nor waits for the day."""
    before = changed.before
    text = about(changed, city, key, promise=_promise(changed, city))
    if before.status is Status.WAITING_CITIZEN:  # the reporter alone was asked
        asked = lines(text, about(changed, city, "notice.question_over"))
        return Notice("reporter", asked), Notice("followers", text)
    if before.scheduled_for and before.status is not Status.WAITING_EXTERNAL:
        text = lines(text, about(changed, city, "notice.day_over", day=Moment(before.scheduled_for, "day")))
    return (Notice("everyone", text),)


def _promise(changed: Changed, city: City) -> Text:
    """The next office has its time to take the report up: a promise that ends before that can hardly be kept."""
    hours = city.catalogue.category(changed.after.category).hours
    return promise(changed, sla.acknowledge_again(changed.after, hours, changed.at, city.policy))
