"""Webhook bodies in Meta's shape, written by us: one message, one status, many of them."""

from __future__ import annotations

from typing import Any

from tests.bench.fake_whatsapp import BUSINESS, NUMBER

Json = dict[str, Any]
PHONE, SCOPED = "6281200001111", "ID.1A2b3C4d5E6f"


def body(*values: Json, number: str = NUMBER, field: str = "messages") -> Json:
    """One entry, a change per value."""
    meta = {"messaging_product": "whatsapp", "metadata": {"display_phone_number": "62811", "phone_number_id": number}}
    changes = [{"field": field, "value": meta | value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": BUSINESS, "changes": changes}]}


def contact(phone: str | None = PHONE, scoped: str | None = None, name: str = "Siti Rahma") -> Json:
    made: Json = {"profile": {"name": name}}
    if phone:
        made["wa_id"] = phone
    if scoped:
        made["user_id"] = scoped
    return made


def message(kind: str = "text", /, **more: Any) -> Json:
    usual: Json = {"from": PHONE, "id": "wamid.1", "timestamp": "1795417200", "type": kind}
    if kind == "text" and "text" not in more:
        usual["text"] = {"body": "Lampu jalan mati"}
    return {name: value for name, value in (usual | more).items() if value is not None}


def said(*messages: Json, contacts: list[Json] | None = None) -> Json:
    return {"messages": list(messages), "contacts": [contact()] if contacts is None else contacts}


def status(word: str = "delivered", **more: Any) -> Json:
    usual = {"id": "wamid.9", "status": word, "timestamp": "1795417200", "recipient_id": PHONE}
    return usual | {"biz_opaque_callback_data": "s7"} | more


SHAPES: dict[str, Json] = {
    "text": message(),
    "image": message("image", image={"id": "111", "mime_type": "image/jpeg", "sha256": "", "caption": "Lubang"}),
    "image_bare": message("image", image={"id": "111"}),
    "video": message("video", video={"id": "112", "mime_type": "video/mp4"}),
    "document": message("document", document={"id": "113", "mime_type": "image/png", "filename": "a.png"}),
    "voice": message("audio", audio={"id": "114", "mime_type": "audio/ogg; codecs=opus", "voice": True}),
    "audio": message("audio", audio={"id": "115", "mime_type": "audio/mpeg"}),
    "location": message("location", location={"latitude": -6.29, "longitude": 106.95}),
    "venue": message(
        "location",
        location={
            "latitude": -6.29,
            "longitude": 106.95,
            "name": "SDN 3",
            "address": "Jatiasih",
            "url": "https://x.id",
        },
    ),
    "button_reply": message(
        "interactive",
        interactive={"type": "button_reply", "button_reply": {"id": "3|skip", "title": "Lewati"}},
        context={"from": "62811", "id": "wamid.ours"},
    ),
    "list_reply": message(
        "interactive",
        interactive={"type": "list_reply", "list_reply": {"id": "3|edit:name", "title": "Ubah nama"}},
    ),
    "form_reply": message("interactive", interactive={"type": "nfm_reply", "nfm_reply": {"body": "Sent"}}),
    "template_reply": message(
        "button", button={"payload": "c.12.confirm.abc", "text": "Sudah beres"}, context={"id": "wamid.ours"}
    ),
    "template_reply_bare": message("button", button={"text": "Sudah beres"}),
    "quote": message(context={"from": "62811", "id": "wamid.ours"}),
    "forwarded": message(context={"forwarded": True}),
    "sticker": message("sticker", sticker={"id": "116", "mime_type": "image/webp", "animated": False}),
    "contacts": message("contacts", contacts=[{"name": {"formatted_name": "Pak RT"}}]),
    "order": message("order", order={"catalog_id": "1", "product_items": []}),
    "reaction": message("reaction", reaction={"message_id": "wamid.ours", "emoji": "👍"}),
    "reaction_gone": message("reaction", reaction={"message_id": "wamid.ours"}),
    "unsupported": message("unsupported", errors=[{"code": 131051, "title": "Message type unknown"}]),
    "unheard_of": message("hologram", hologram={"id": "1"}),
    "welcome": message("request_welcome"),
    "edit": message("edit", edit={"original_message_id": "wamid.0", "message": message(id=None)}),
    "revoke": message("revoke", revoke={"original_message_id": "wamid.0"}),
    "new_number": message("system", system={"type": "user_changed_number", "wa_id": "6281299990000", "body": "x"}),
    "new_number_old_form": message("system", system={"type": "user_changed_number", "new_wa_id": "6281299990000"}),
    "new_scoped_id": message("system", system={"type": "user_changed_user_id", "user_id": "ID.9z"}),
    "identity_changed": message("system", system={"type": "customer_identity_changed", "identity": "x"}),
    "group": message(group_id="Y2FwaV9ncm91cA"),
}
