"""A recording as steps: each frame parsed by the parser of the source that sent it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from time import perf_counter, sleep

import msgspec

from tio.api.ticks import Tick
from tio.engine.feeds.frames import Direction, Frame, Garbage, read_frames
from tio.engine.feeds.sources import Parser, parser_of, source_at

_BATCH = 256
_BATCH_SECONDS = 0.02
_REST_AFTER = 0.001


class Step(msgspec.Struct, frozen=True):
    """A frame's ticks and its receipt (µs), or the sentence that says what is wrong with it."""

    at: int | None
    ticks: tuple[Tick, ...] = ()
    fault: str = ""


def read_steps(path: Path, source: str, only: bool = False) -> Iterator[Step]:
    """Every received frame and REST answer of a recording.

    `source` speaks where no address says who does; with `only` it is taken for all of them.
    """
    speakers: dict[str, Parser] = {}
    for frame in read_frames(path):
        if isinstance(frame, Garbage):
            yield Step(None, fault=frame.sentence)
            continue
        if frame.direction in (Direction.sent, Direction.connected):
            continue
        parser = speakers.get(frame.url)
        if parser is None:
            found = None if only else source_at(frame.url)
            parser = speakers[frame.url] = parser_of(found or source)
        try:
            yield Step(frame.at, _parsed(parser, frame))
        except Garbage as garbage:
            yield Step(frame.at, fault=f"line {frame.line}: {garbage.sentence}")


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
