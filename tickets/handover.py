"""What is told when a report gets its office, or another one."""

from __future__ import annotations

from texts.text import Text, say
from tickets import sla
from tickets.city import City
from tickets.moves import Action, Changed, Role
from tickets.notice import Notice, Told, agency_name
from tickets.telling import about, everyone, promise
from tickets.ticket import Status

FORMER = Notice("old_group", cls="info", refresh_card=True)


def assigned(changed: Changed, city: City) -> Told:
    """Routed or handed over: the new office gets the card, the old one sees where it went."""
    before, after = changed.before, changed.after
    moved = before.agency != after.agency
    told = [
        everyone(changed, city, "notice.assigned", promise=_promise(changed, city)),
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
        everyone(changed, city, "notice.to_triage", promise=_promise(changed, city)),
        Notice("group", why, new_card=True, photos="report", urgent=changed.after.danger),
        FORMER,
    ]
    if changed.after.bounces >= city.policy.max_bounces:
        told.append(Notice("ops", about(changed, city, "notice.ops_bounced", count=changed.after.bounces)))
    return tuple(told)


def _promise(changed: Changed, city: City) -> Text:
    """The next office has its time to take the report up: a promise that ends before that can hardly be kept."""
    hours = city.catalogue.category(changed.after.category).hours
    return promise(changed, sla.acknowledge_again(changed.after, hours, changed.at, city.policy))
