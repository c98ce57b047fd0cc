"""All words with their schemas: what `/v1/words`, `tio words` and tools are made from."""

from typing import Any

import msgspec

# Importing a module of words declares them.
from tio.api import (
    analyst,
    as_of,
    charts,
    chat_events,
    chats,
    companies,
    explained,
    files,
    hours,
    ideas,
    imports,
    income,
    indicators,
    journal,
    ledger,
    limits,
    mappings,
    market,
    model_exams,
    models,
    past,
    performance,
    portfolio_risk,
    proposals,
    quality,
    risk,
    sales,
    schedules,
    sources,
    stress,
    system,
    trading,
    views,
    watchlists,
)
from tio.api.codec import schema
from tio.api.contract import WORDS, Delivery, Effect, Role, Word, is_request
from tio.api.errors import UnknownWord

__all__ = [
    "WordEntry",
    "analyst",
    "as_of",
    "charts",
    "chat_events",
    "chats",
    "companies",
    "describe",
    "explained",
    "files",
    "find",
    "hours",
    "ideas",
    "imports",
    "income",
    "indicators",
    "journal",
    "ledger",
    "limits",
    "mappings",
    "market",
    "model_exams",
    "models",
    "past",
    "performance",
    "portfolio_risk",
    "proposals",
    "quality",
    "risk",
    "sales",
    "schedules",
    "sources",
    "stress",
    "system",
    "trading",
    "views",
    "watchlists",
]

PROTOCOL = 1
"""The version both ends of a wire must share; raised when a word or the framing changes meaning."""


class WordEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One word as other programs see it; `with` and `answer` are JSON schemas."""

    name: str
    kind: str
    doc: str
    role: Role
    effect: Effect
    tool: bool
    delivery: Delivery | None = None
    fields: dict[str, Any] = msgspec.field(name="with")
    answer: dict[str, Any]


def find(name: str) -> type[Word]:
    """The word of that name; raises UnknownWord with the nearest one."""
    if name in WORDS:
        return WORDS[name]
    import difflib

    near = difflib.get_close_matches(name, WORDS, 1)
    hint = f"did you mean {near[0]}?" if near else "`tio words` lists them all"
    raise UnknownWord(f"there is no word {name[:80]!r}", hint)


def describe() -> list[WordEntry]:
    """Every word, sorted by name."""
    return [_entry(WORDS[name]) for name in sorted(WORDS)]


def _entry(kind: type[Word]) -> WordEntry:
    asked = is_request(kind)
    return WordEntry(
        name=kind.__name__,
        kind="request" if asked else "topic",
        doc=(kind.__doc__ or "").strip(),
        role=kind.meaning.role,
        effect=kind.meaning.effect,
        tool=kind.meaning.tool,
        delivery=None if asked else kind.meaning.delivery,
        fields=schema(kind),
        answer=schema(kind.answer),
    )
