"""Words that are declared for one test, so that no other sees them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tio.api.access import Principal
from tio.api.contract import WORDS, Effect, Engine, Request, Role, word

from fakes import FakeEngine


class Sky(StrEnum):
    clear = "clear"
    cloud = "cloud"


class Place(msgspec.Struct, frozen=True):
    name: str
    metres: int = 0


@contextmanager
def declared(
    kind: type[Request[Any]], effect: Effect = Effect.read, role: Role = Role.viewer
) -> Iterator[None]:
    """The word is one for as long as this lasts."""
    word(tool=True, effect=effect, role=role)(kind)
    try:
        yield
    finally:
        del WORDS[kind.__name__]


class AskWeather(Request[str], frozen=True):
    """The weather over a harbour, with `sky` as it was reported."""

    harbour: Annotated[str, Meta(min_length=1)]
    days: Annotated[int, Meta(ge=1, le=14)] = 3
    sky: Sky | None = None
    ships: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    at: datetime | None = None
    tide: Decimal | None = None
    loud: bool = False


class NameHarbour(Request[str], frozen=True):
    """Give a harbour a name."""

    harbour: str


class Access:
    """One fake engine for every principal; `said_by` remembers them."""

    def __init__(self, engine: FakeEngine) -> None:
        self.engine = engine
        self.said_by: list[Principal] = []

    def session(self, principal: Principal, /) -> Engine:
        self.said_by.append(principal)
        return self.engine
