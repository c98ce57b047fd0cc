"""JSON whose items know the line they begin on."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from tio.api.errors import Invalid

T = TypeVar("T")


def decoded(text: str, kind: type[T], what: str) -> T:
    """The whole file as `kind`; Invalid naming `what` and where it is not."""
    try:
        return msgspec.json.decode(text.encode(), type=kind)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise Invalid(f"this is no {what}: {error}") from None


def numbered(text: str, items: Iterable[msgspec.Raw]) -> Iterator[tuple[int, msgspec.Raw]]:
    """Each item of a list of the file, in its order, with its line."""
    data = text.encode()
    after, counted, line = 0, 0, 1
    for item in items:
        found = data.find(bytes(item), after)
        if found >= 0:
            line += data.count(b"\n", counted, found)
            counted, after = found, found + len(bytes(item))
        yield line, item


def item_as(item: msgspec.Raw, kind: type[T]) -> T:
    """One item; Invalid saying which of its fields is not as it must be."""
    try:
        return msgspec.json.decode(item, type=kind)
    except msgspec.DecodeError as error:
        raise Invalid(_plain(str(error))) from None


def untyped(item: msgspec.Raw) -> Any:
    """One item as it came, for words about it."""
    return msgspec.json.decode(item)


def _plain(said: str) -> str:
    """msgspec's words, with the field first: `unitPrice: Expected decimal, got str`."""
    sentence, _, path = said.partition(" - at `$")
    field = path.rstrip("`").lstrip(".")
    return f"{field}: {sentence[:1].lower()}{sentence[1:]}" if field else sentence
