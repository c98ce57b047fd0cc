"""An engine's first figures over plain HTTP, while the full client is still being imported."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from tio.api import codec
from tio.api.contract import After, Item, Request, Topic
from tio.api.errors import Broken, Fault, TioError, WrongVersion, revive
from tio.wire.gone import EngineGone

R = TypeVar("R")

PROTOCOL = "1"
LINE = 64 * 1024 * 1024
SHOWN = frozenset({"Watchlists", "Quotes"})
"""The topics a first picture is made of; what watches another waits for the full client."""


class FirstLook:
    """The engine behind the socket at `path`, a connection for each word.

    `shown` is set once the first quotes were told.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.shown = asyncio.Event()

    async def greet(self) -> None:
        """EngineGone, or WrongVersion when it speaks another protocol."""
        reader, writer = await self._say("GET /v1")
        try:
            status = await _status(reader)
            data = await reader.read()
        except (OSError, EOFError, ValueError) as error:
            raise self._gone() from error
        finally:
            writer.close()
        if status != 200:
            raise _refused(data)
        spoken = codec.decode(data, _Spoken)
        if spoken.protocol != int(PROTOCOL):
            raise WrongVersion(
                f"the engine is tio {spoken.version} and speaks protocol {spoken.protocol}, "
                f"this tio speaks protocol {PROTOCOL}",
                "Restart the engine with this tio.",
            )

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        body = codec.encode(request)
        reader, writer = await self._say(
            f"POST /v1/ask/{type(request).__name__}",
            body,
            "Content-Type: application/json\r\n" + (f"Idempotency-Key: {key}\r\n" if key else ""),
        )
        try:
            status = await _status(reader)
            data = await reader.read()
        except (OSError, EOFError, ValueError) as error:
            raise self._gone() from error
        finally:
            writer.close()
        if status != 200:
            raise _refused(data)
        if not data:
            raise self._gone()
        try:
            answer: R = codec.decode(data, request.answer)
        except (msgspec.MsgspecError, ValueError) as error:
            name = type(request).__name__
            raise Broken(f"the engine's answer to {name} cannot be read: {error}") from error
        return answer

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> "FirstWatch[R]":
        return FirstWatch(self, topic)

    async def close(self) -> None:
        """Nothing stays open between two words."""

    async def lines(self, topic: Topic[Any]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The topic's items as lines of JSON, its status already read."""
        fields = msgspec.to_builtins(topic)
        query = "&".join(
            f"{name}={quote(','.join(value) if isinstance(value, list | tuple) else str(value))}"
            for name, value in fields.items()
            if name != "type"
        )
        name = type(topic).__name__
        reader, writer = await self._say(f"GET /v1/watch/{name}?{query}")
        try:
            status = await _status(reader)
            if status != 200:
                raise _refused(await reader.read())
        except (OSError, EOFError, ValueError) as error:
            writer.close()
            raise self._gone() from error
        except BaseException:
            writer.close()
            raise
        return reader, writer

    async def _say(
        self, line: str, body: bytes = b"", headers: str = ""
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            reader, writer = await asyncio.open_unix_connection(str(self._path), limit=LINE)
        except OSError as error:
            raise self._gone() from error
        # HTTP/1.0: the engine then sends plain bytes and closes when it has said all.
        head = (
            f"{line} HTTP/1.0\r\nHost: tio\r\nTio-Protocol: {PROTOCOL}\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        return reader, writer

    def _gone(self) -> EngineGone:
        return EngineGone(
            f"the engine at {self._path} does not answer", "`tio daemon status` tells more"
        )


class FirstWatch(Generic[R]):
    """One topic as lines; one that is not of a first picture tells nothing until it is left."""

    def __init__(self, look: FirstLook, topic: Topic[R]) -> None:
        self._look = look
        self._topic = topic
        self._said: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> AsyncIterator[Item[R]]:
        if type(self._topic).__name__ in SHOWN:
            self._said = await self._look.lines(self._topic)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._said is not None:
            self._said[1].close()

    def __aiter__(self) -> AsyncIterator[Item[R]]:
        return self

    async def __anext__(self) -> Item[R]:
        if self._said is None:
            await asyncio.Event().wait()
        assert self._said is not None
        try:
            line = await self._said[0].readline()
        except (OSError, ValueError) as error:
            raise self._look._gone() from error
        if not line.endswith(b"\n"):
            raise self._look._gone()
        try:
            item: Item[R] = codec.decode(line, Item[self._topic.answer])  # type: ignore[name-defined]
        except msgspec.MsgspecError:
            raise _refused(line) from None
        if type(self._topic).__name__ == "Quotes":
            self._look.shown.set()
        return item


class _Spoken(msgspec.Struct):
    version: str
    protocol: int


class _Refused(msgspec.Struct):
    error: Fault


async def _status(reader: asyncio.StreamReader) -> int:
    """The status of an answer, its headers read."""
    words = (await reader.readline()).split(b" ")
    if len(words) < 2:
        raise EOFError("the engine left")
    status = int(words[1])
    while (await reader.readline()).strip():
        pass
    return status


def _refused(data: bytes) -> TioError:
    try:
        return revive(codec.decode(data, _Refused).error)
    except msgspec.MsgspecError:
        return Broken("the engine answered with no words")
