"""Server-sent events out of a stream of bytes (WHATWG HTML, section 9.2.6), data alone."""

import codecs
from collections.abc import AsyncIterable, AsyncIterator

LONGEST = 4 * 1024 * 1024
"""Characters of one event; a server that never ends a line is cut off there."""


class TooLong(Exception):
    """An event without an end."""


async def event_data(chunks: AsyncIterable[bytes]) -> AsyncIterator[str]:
    """The data of each event; bytes may be split anywhere, in the middle of a character too."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    data: list[str] = []
    async for chunk in chunks:
        rest += decoder.decode(chunk)
        *lines, rest = _lines(rest)
        if len(rest) + sum(map(len, data)) > LONGEST:
            raise TooLong(f"an event of more than {LONGEST:,} characters")
        for line in lines:
            if line:
                data += _value(line)
            elif data:
                yield "\n".join(data)
                data = []
    data += _value(rest)
    if data:
        yield "\n".join(data)


def _lines(text: str) -> list[str]:
    """Split at every kind of line end; a carriage return at the very end waits for what follows."""
    held = "\r" if text.endswith("\r") else ""
    text = text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
    *lines, rest = text.split("\n")
    return [*lines, rest + held]


def _value(line: str) -> list[str]:
    name, _, value = line.partition(":")
    return [value.removeprefix(" ")] if name == "data" and ":" in line else []
