"""The log as a topic: what the engine says of itself, newest lines remembered."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import After, Request, Topic, Watch
from tio.api.system import Log, LogLine
from tio.engine.bus import Bus
from tio.engine.ordered import OrderedChannel
from tio.engine.service import Answer, Stream

REMEMBERED = 2_000


class Logbook:
    """Collects tio's log records, from any thread, into an ordered channel."""

    def __init__(self, bus: Bus) -> None:
        self._channel: OrderedChannel[LogLine] = bus.ordered(REMEMBERED)
        self._ear: _Ear | None = None

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Log: self._watch}

    async def start(self) -> None:
        loop = asyncio.get_running_loop()

        def heard(line: LogLine) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._channel.publish, line)

        self._ear = _Ear(heard)
        logger = logging.getLogger("tio")
        logger.addHandler(self._ear)
        if logger.getEffectiveLevel() > logging.INFO:
            logger.setLevel(logging.INFO)

    async def close(self) -> None:
        if self._ear is not None:
            logging.getLogger("tio").removeHandler(self._ear)
            self._ear = None

    def _watch(self, _: Log, __: Principal, after: After | None) -> Watch[tuple[LogLine, ...]]:
        def gather(lines: Sequence[LogLine]) -> tuple[LogLine, ...]:
            return tuple(lines)

        return self._channel.watch(gather, after)


class _Ear(logging.Handler):
    def __init__(self, heard: Callable[[LogLine], None]) -> None:
        super().__init__(logging.INFO)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard(
            LogLine(
                at=datetime.fromtimestamp(record.created, UTC),
                level=record.levelname.lower(),
                origin=record.name.removeprefix("tio.").removeprefix("engine."),
                message=clean(record.getMessage()),
            )
        )
