"""An entry's fields as plain text, and back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.records import instant
from tio.engine.portfolio.importing.writing.cells import joined, parted

COLUMNS = tuple(field.name for field in msgspec.structs.fields(Transaction))
"""`id` … `made_at`, as the entry has them."""
_DEFAULTS = {
    field.name: field.default
    for field in msgspec.structs.fields(Transaction)
    if field.default is not msgspec.NODEFAULT
}
_TIMES = ("at", "made_at")
_TEXTS = {field.name for field in msgspec.structs.fields(Transaction) if field.type is str}


def text_of(value: Any) -> str:
    """One field's value; nothing is an empty text."""
    return _WRITTEN[type(value)](value)


def told(entry: Transaction) -> Iterable[tuple[str, str]]:
    """Every field that says something, by name."""
    for name in COLUMNS:
        value = getattr(entry, name)
        if name not in _DEFAULTS or value != _DEFAULTS[name]:
            yield name, text_of(value)


def entry_from(texts: Mapping[str, str], zone: ZoneInfo) -> Transaction:
    """The entry those texts tell; Invalid naming the field that is not as it must be."""
    values = {name: _value(name, text, zone) for name, text in texts.items() if text}
    try:
        return msgspec.convert(values, Transaction, strict=False)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$.")
        field = f"{path.rstrip('`')}: " if path else ""
        raise Invalid(f"{field}{sentence[:1].lower()}{sentence[1:]}") from None


def _value(name: str, text: str, zone: ZoneInfo) -> Any:
    if name in _TIMES:
        return instant(text, zone, name)
    if name == "tags":
        return parted(text)
    if name == "short":
        return {"yes": True, "no": False}.get(text, text)
    return text if name in _TEXTS else text.strip()


_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: str,
    TransactionKind: str,
    Decimal: "{:f}".format,
    datetime: datetime.isoformat,
    bool: lambda value: "yes" if value else "",
    int: str,
    tuple: joined,
    type(None): lambda _: "",
}
