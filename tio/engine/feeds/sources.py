"""The sources by name: their parsers, imported when first asked for."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Protocol, cast
from urllib.parse import urlsplit

from tio.api.errors import Invalid
from tio.api.ticks import Tick
from tio.plugin import Traits

SOURCES = (
    "coinbase",
    "kraken",
    "kraken_futures",
    "binance",
    "binance_us",
    "binance_futures",
    "bitstamp",
    "okx",
    "yahoo",
    "alpaca",
    "finnhub",
    "tio_ticks",
)


class Parser(Protocol):
    """One venue's language as a module: pure functions of what it sent."""

    NAME: str
    TRAITS: Traits
    HOSTS: tuple[str, ...]

    @staticmethod
    def symbol_of(venue_spelling: str) -> str:
        """The internal symbol of the venue's spelling; Garbage when it cannot be one."""

    @staticmethod
    def parse(text: str | bytes) -> tuple[Tick, ...]:
        """What one frame says; () when it is known and says nothing about prices, else Garbage."""

    @staticmethod
    def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
        """What the answer to a REST request says; () when it is of no use."""


class _Parsers(Mapping[str, Parser]):
    def __getitem__(self, name: str) -> Parser:
        if name not in SOURCES:
            raise KeyError(name)
        return cast(Parser, import_module(f"tio.engine.feeds.{name}"))

    def __iter__(self) -> Iterator[str]:
        return iter(SOURCES)

    def __len__(self) -> int:
        return len(SOURCES)


PARSERS: Mapping[str, Parser] = _Parsers()


def parser_of(name: str) -> Parser:
    """The parser of that name; an unknown one is Invalid, with the likeliest meant."""
    spelled = name.strip().lower().replace("-", "_")
    if spelled in SOURCES:
        return PARSERS[spelled]
    near = get_close_matches(spelled, SOURCES, 1)
    hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(SOURCES)}"
    raise Invalid(f"there is no source {name!r}", hint)


def source_at(url: str) -> str | None:
    """The source at that address, from its fragment (tio's own recordings) or its host."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.fragment in SOURCES:
        return parts.fragment
    return next((name for name, parser in PARSERS.items() if host in parser.HOSTS), None)
