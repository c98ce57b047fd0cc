"""Two verbs, many words: what an engine is, for every face and door."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar, get_args

import msgspec

R = TypeVar("R")
W = TypeVar("W", bound="type[Word]")


class Role(StrEnum):
    """Who may: each role may all that the ones before it may."""

    viewer = "viewer"
    trader = "trader"
    admin = "admin"
    owner = "owner"  # the person at the machine: what runs code as them is theirs alone

    def covers(self, other: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


class Effect(StrEnum):
    """What a word does: nothing, a change, a change asked about twice, an order."""

    read = "read"
    write = "write"
    danger = "danger"
    order = "order"


class Delivery(StrEnum):
    """How a topic reaches a slow watcher: the newest of each key, or everything in order."""

    latest = "latest"
    ordered = "ordered"


class Meaning(msgspec.Struct, frozen=True):
    """What `@word` declares of a word."""

    role: Role
    effect: Effect
    tool: bool
    delivery: Delivery


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Anything that can be said to the engine: a frozen value that names its answer type."""

    answer: ClassVar[Any]
    meaning: ClassVar[Meaning]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for base in cls.__dict__.get("__orig_bases__", ()):
            if args := get_args(base):
                cls.answer = args[0]


class Request(Word, Generic[R], frozen=True, forbid_unknown_fields=True):
    """Asked once, answered once with an R."""


class Topic(Word, Generic[R], frozen=True, forbid_unknown_fields=True):
    """Watched: a snapshot R, then an R for each change."""


class Item(msgspec.Struct, Generic[R], frozen=True):
    """One R of a topic; `seq` counts up without gaps within an `epoch` of one engine's life."""

    epoch: str
    seq: int
    snapshot: bool
    value: R


class After(msgspec.Struct, frozen=True):
    """Where a watcher stopped: it continues with what came after."""

    epoch: str
    seq: int


class Watch(Protocol[R]):
    """Subscribed on entering, not on the first item; unsubscribed on leaving."""

    async def __aenter__(self) -> AsyncIterator[Item[R]]: ...
    async def __aexit__(self, *exc: object) -> None: ...


class Engine(Protocol):
    """The one thing every face and door talks to, in this process or behind a socket."""

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        """The answer. `key` makes a write happen once: a repeat returns the first answer."""
        ...

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> Watch[R]:
        """A snapshot, then changes; `after` continues an ordered topic where it stopped."""
        ...

    async def close(self) -> None: ...


WORDS: dict[str, type[Word]] = {}


def word(
    *,
    role: Role = Role.viewer,
    effect: Effect = Effect.read,
    tool: bool = False,
    delivery: Delivery = Delivery.latest,
) -> "_Declaration":
    """Declare a word: who may say it, what it does, whether a model may use it as a tool."""
    return _Declaration(Meaning(role, effect, tool, delivery))


class _Declaration:
    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning

    def __call__(self, kind: W) -> W:
        if kind.__name__ in WORDS:
            raise TypeError(f"the word {kind.__name__} is declared twice")
        kind.meaning = self.meaning
        WORDS[kind.__name__] = kind
        return kind


def is_request(kind: type[Word]) -> bool:
    return issubclass(kind, Request)
