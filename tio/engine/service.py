"""What a capability gives the engine: answers to its words, streams of its topics."""

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from tio.api.access import Principal
from tio.api.contract import After, Request, Topic, Watch
from tio.plugin import Clock

Answer = Callable[[Any, Principal], Awaitable[Any]]
Stream = Callable[[Any, Principal, After | None], Watch[Any]]

write_key: ContextVar[str] = ContextVar("write_key", default="")
"""The key of the ask being answered; a service that writes stores it with its effect."""


asked_as_of: ContextVar[datetime | None] = ContextVar("asked_as_of", default=None)
"""The past moment the ask being answered is about; None for now."""


def time_of(clock: Clock) -> datetime:
    """The moment the ask being answered is about: a past one, or now by the clock."""
    return asked_as_of.get() or clock.now()


class Service(Protocol):
    """One capability. `answers` and `streams` are read once, when the engine is built."""

    def answers(self) -> Mapping[type[Request[Any]], Answer]: ...

    def streams(self) -> Mapping[type[Topic[Any]], Stream]: ...

    async def start(self) -> None:
        """Ready to answer when this returns."""

    async def close(self) -> None:
        """Let go of everything; called once, in the reverse order of `start`."""
