"""Recorded frames parsed, and parsed and taken: check → board → bars of all timeframes.

Frames of the recorded sessions, by source and by what they say (trades, figures, best prices,
books). Beside it, in the same run, the least anyone could do: `json.loads` of the same frames. Only
frames that change the board count; acknowledgements and heartbeats are left out.

Run: python -m benchmarks.bench_feeds   (needs the recorded data; says so when it is absent)
"""

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from tio.api.ticks import Tick
from tio.engine.bus import Bus
from tio.engine.clock import RealClock
from tio.engine.feeds.frames import Direction, Garbage, read_frames
from tio.engine.feeds.sources import Parser, parser_of, source_at
from tio.engine.market.market import Market

# By name: the type checker knows this file as `recorded`, as the tests do.
DATA: Path = import_module("tests.recorded").DATA
SESSIONS = "1_exchange_captures/cryptofeed"
MOST = 40_000
"""Frames of one recording that are used."""
AGAIN = 3
PARSE_LIMIT, THROUGH_LIMIT = 50_000, 20_000
NAMES = ("coinbase", "kraken", "kraken_futures", "binance", "binance_futures", "bitstamp")


class Told(NamedTuple):
    """A frame that says something: its text, what it says, and when it came (µs)."""

    text: str
    ticks: tuple[Tick, ...]
    at: int


def frames_of(path: Path) -> Iterator[tuple[Parser, Told]]:
    """The frames of a recording that change a board, each with the parser of its source."""
    for frame in read_frames(path):
        if isinstance(frame, Garbage) or frame.direction is not Direction.received:
            continue
        source = source_at(frame.url)
        if source not in NAMES:
            continue
        parser = parser_of(source)
        try:
            ticks = parser.parse(frame.text)
        except Garbage:
            continue
        if ticks:
            yield parser, Told(frame.text, ticks, frame.at)


def collected(place: Path) -> dict[tuple[str, str], tuple[Parser, list[Told]]]:
    """Frames by source and by the kind of what they say first."""
    found: dict[tuple[str, str], tuple[Parser, list[Told]]] = {}
    for path in sorted(place.iterdir()):
        if path.is_dir() or not path.name.endswith((".gz", ".txt")):
            continue
        for parser, told in islice(frames_of(path), MOST):
            key = parser.NAME, type(told.ticks[0]).__name__
            found.setdefault(key, (parser, []))[1].append(told)
    return found


def best(act: Callable[[], None]) -> float:
    """Seconds of the fastest of a few rounds."""
    rounds = []
    for _ in range(AGAIN):
        begun = perf_counter()
        act()
        rounds.append(perf_counter() - begun)
    return min(rounds)


def parsed_in(parser: Parser, frames: list[Told]) -> float:
    def act() -> None:
        for told in frames:
            parser.parse(told.text)

    return best(act)


def taken_in(parser: Parser, frames: list[Told]) -> float:
    """Parsing and taking, into a board of its own each round."""

    def act() -> None:
        clock = RealClock()
        market = Market(clock, Bus(clock))
        for told in frames:
            market.take(parser.parse(told.text), parser.TRAITS, told.at)

    return best(act)


def loaded_in(frames: list[Told]) -> float:
    def act() -> None:
        for told in frames:
            json.loads(told.text)

    return best(act)


async def main() -> int:
    place = DATA / SESSIONS
    if not place.is_dir():
        print("the recorded sessions are absent: nothing was measured")
        return 0
    totals: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    print(
        f"{'source':<10} {'says':<14} {'frames':>7} {'json.loads/s':>13} {'parsed/s':>10} through/s"
    )
    for (source, kind), (parser, frames) in sorted(collected(place).items()):
        if len(frames) < 40:
            continue
        load, parse, take = loaded_in(frames), parsed_in(parser, frames), taken_in(parser, frames)
        count = len(frames)
        print(
            f"{source:<15} {kind:<14} {count:>7} {count / load:>13,.0f} "
            f"{count / parse:>10,.0f} {count / take:>9,.0f}"
        )
        for number, value in enumerate((count, load, parse, take)):
            totals["all"][number] += value
    total, load, parse, take = totals["all"]
    print(
        f"all: {total:.0f} frames, parsed {total / parse:,.0f}/s "
        f"({load / parse:.2f} x json.loads; limit {PARSE_LIMIT:,}/s), "
        f"through check, board and bars {total / take:,.0f}/s (limit {THROUGH_LIMIT:,}/s)"
    )
    return int(total / parse < PARSE_LIMIT or total / take < THROUGH_LIMIT)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
