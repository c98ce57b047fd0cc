"""A recording as steps: each frame parsed by the parser of the source that sent it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from time import perf_counter, sleep

import msgspec

from tio.api.ticks import Tick
from tio.engine.feeds.frames import Direction, Frame, Garbage, is_ours, read_frames
from tio.engine.feeds.sources import Parser, parser_of, source_at
from tio.plugin import Traits

_BATCH = 256
_BATCH_SECONDS = 0.02
_REST_AFTER = 0.001


class Step(msgspec.Struct, frozen=True):
    """A frame's ticks and its receipt (µs), or the sentence that says what is wrong with it."""

    at: int | None
    ticks: tuple[Tick, ...] = ()
    fault: str = ""
    traits: Traits | None = None
    """Of the source that speaks."""
    reconnected: bool = False
    """Not a frame: its connection was lost before this instant, and began anew."""


def read_steps(path: Path, source: str, only: bool = False) -> Iterator[Step]:
    """Every received frame, REST answer and reconnection of a recording.

    `source` speaks where no address says who does; with `only` it is taken for all of them.
    """
    speakers: dict[str, Parser] = {}
    connections = _Connections(is_ours(path))
    for frame in read_frames(path):
        if isinstance(frame, Garbage):
            yield Step(None, fault=frame.sentence)
            continue
        if frame.direction is Direction.sent:
            continue
        parser = speakers.get(frame.url)
        if parser is None:
            found = None if only else source_at(frame.url)
            parser = speakers[frame.url] = parser_of(found or source)
        if frame.direction is Direction.connected:
            if connections.again(frame.url):
                yield Step(frame.at, traits=parser.TRAITS, reconnected=True)
            continue
        try:
            yield Step(frame.at, _parsed(parser, frame), traits=parser.TRAITS)
        except Garbage as garbage:
            yield Step(frame.at, fault=f"line {frame.line}: {garbage.sentence}")


class _Connections:
    """The addresses connected to; in a recording of tio's own a line may only turn to another."""

    def __init__(self, ours: bool) -> None:
        self._ours = ours
        self._known: set[str] = set()
        self._here = ""

    def again(self, url: str) -> bool:
        """Whether a connect line says that this address was connected to once more."""
        again = url == self._here if self._ours else url in self._known
        self._known.add(url)
        self._here = url
        return again


def _parsed(parser: Parser, frame: Frame) -> tuple[Tick, ...]:
    if frame.direction is Direction.body:
        return parser.parse_rest(frame.url, frame.text)
    return parser.parse(frame.text)


class Batches:
    """Steps in small lists, for a thread that reads ahead of the loop that plays them."""

    def __init__(self, steps: Iterator[Step]) -> None:
        self._steps = steps
        self._lock = Lock()
        self._closed = False

    def next(self) -> list[Step]:
        """The next steps, [] at the end; called from one thread at a time."""
        batch: list[Step] = []
        with self._lock:
            begun = rested = perf_counter()
            while not self._closed and len(batch) < _BATCH:
                step = next(self._steps, None)
                if step is None:
                    break
                batch.append(step)
                now = perf_counter()
                if now - begun > _BATCH_SECONDS:
                    break
                if now - rested > _REST_AFTER:
                    # The loop would else wait 5 ms for the interpreter.
                    sleep(0)
                    rested = perf_counter()
        return batch

    def close(self) -> None:
        """No more will be asked for; a thread still reading stops after its step."""
        self._closed = True
