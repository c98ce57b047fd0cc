"""How a body begins: whether it is JSON at all, and what an answer is that is none."""

from typing import TypeVar

import msgspec

from tio.api.errors import SourceUnavailable

T = TypeVar("T")

ELSEWHERE = "another source answers meanwhile"


def opening_of(body: str | bytes, most: int = 200) -> str:
    """Its first characters, without a byte-order mark and white space before them."""
    start = body[:most]
    text = start.decode(errors="replace") if isinstance(start, bytes) else start
    return text.lstrip("\ufeff \t\r\n")


def no_data(venue: str, opening: str) -> SourceUnavailable:
    """The error that an answer is which begins as no JSON does."""
    what = "words or a page instead of data" if opening else "nothing"
    return SourceUnavailable(f"{venue} answered with {what}", ELSEWHERE)


def said_in(body: str | bytes, by: msgspec.json.Decoder[T]) -> T | None:
    """What a body says; None when it cannot be read: its own reader says what is wrong with it."""
    try:
        return by.decode(body)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        return None
