"""Words that no engine has, declared for as long as a test runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tio.api.contract import WORDS, Effect, Request, Role, Topic, Word, word
from tio.api.market import Timeframe


class Leaf(msgspec.Struct, frozen=True):
    """A leaf, and those that grow on it."""

    title: str
    leaves: "tuple[Leaf, ...]" = ()


class Told(msgspec.Struct, frozen=True):
    text: str
    items: tuple[int, ...] = ()
    rows: tuple[Leaf, ...] = ()


class CountLeaves(Request[Told], frozen=True):
    """How many leaves
    there are."""

    tree: Annotated[str, Meta(min_length=1, description="the tree's name")]
    of: Leaf | None = None
    timeframe: Timeframe = Timeframe.d1
    limit: Annotated[int, Meta(ge=1, le=100)] = 10


class PlantTree(Request[Told], frozen=True):
    """Plant one."""

    tree: str


class FellTree(Request[Told], frozen=True):
    """Fell one."""

    tree: str


class OrderTree(Request[Told], frozen=True):
    """Buy one."""

    tree: str


class Trees(Topic[Told], frozen=True):
    """All of them, as they grow."""


@contextmanager
def declared(kind: type[Word], **meaning: Any) -> Iterator[None]:
    """The word, declared like this, until the end."""
    word(**meaning)(kind)
    try:
        yield
    finally:
        del WORDS[kind.__name__]


@contextmanager
def forest() -> Iterator[None]:
    """A word of every effect, each said to be a tool."""
    with (
        declared(CountLeaves, tool=True),
        declared(PlantTree, role=Role.trader, effect=Effect.write, tool=True),
        declared(FellTree, role=Role.viewer, effect=Effect.danger, tool=True),
        declared(OrderTree, role=Role.viewer, effect=Effect.order, tool=True),
        declared(Trees, tool=True),
    ):
        yield
