"""Reads a city's forms for WhatsApp; what the platform would refuse is told with the file and the form."""

from __future__ import annotations

from pathlib import Path

from cities.files import Table, table
from tickets.templates import Form, Reply, Wording, lint

FILE = "whatsapp_templates.toml"


def templates(home: Path, languages: tuple[str, ...]) -> tuple[Form, ...]:
    """The city's forms; none when it has no such file. raises: CityError"""
    if not (home / FILE).is_file():
        return ()
    book = table(home / FILE)
    forms = tuple(_form(entry, languages) for entry in book.each("template"))
    if wrong := lint(forms, languages):
        raise book.wrong("; ".join(wrong))
    return forms


def _form(entry: Table, languages: tuple[str, ...]) -> Form:
    replies = entry.each("replies") if entry.data.get("replies") else []
    return Form(
        code=entry.text("code"),
        name=entry.text("name"),
        stands_for=tuple(entry.texts("stands_for")),
        values=tuple(entry.texts("values")),
        wordings={language: _wording(entry.inner(language)) for language in languages if language in entry.data},
        replies=tuple(
            Reply(tuple(reply.texts("actions")), {language: reply.text(language) for language in languages})
            for reply in replies
        ),
        category=entry.text("category", "UTILITY"),
    )


def _wording(inner: Table) -> Wording:
    return Wording(inner.text("body").strip(), tuple(inner.texts("samples")))
