"""A second source is asked now and then: who watches a price is told when the two disagree.

Never averaged, never swapped: both figures are shown, the chosen one stays.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tio.api.errors import TioError
from tio.api.market import AssetClass, Timeframe
from tio.api.ticks import DayFigures, Tick, TopOfBook, Trade
from tio.engine.market.line import Line
from tio.engine.market.market import Market
from tio.engine.market.paths import Path
from tio.engine.market.routing import Router, Shelf
from tio.plugin import Clock, Polls

log = logging.getLogger(__name__)

PERIOD = 60.0
MOST = 40
"""Symbols compared in one round; the others have their turn in the next."""
ROUNDS = 3
"""Rounds in a row two sources must disagree before it is told."""
_MINUTE = 60_000_000
_THRESHOLDS = {AssetClass.crypto: 0.003, AssetClass.fx: 0.0015}
_OTHERWISE = 0.005
_SPREADS = 4.0


class Said(NamedTuple):
    """A price, and the instant (µs UTC) its source gives it, None where it gives none."""

    price: float
    at: int | None


class CrossCheck:
    """Compares what is on the board with what the next source of the chain says."""

    def __init__(self, clock: Clock, market: Market, router: Router, shelf: Shelf) -> None:
        self._clock = clock
        self._market = market
        self._router = router
        self._shelf = shelf
        self._rounds: dict[str, int] = {}
        self._turn = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="cross-check")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """One round: ask every second source once, for the symbols whose turn it is."""
        by_source: dict[str, list[Path]] = {}
        for path in self._those_of_this_round():
            checker = self._checker(path)
            if checker:
                by_source.setdefault(checker, []).append(path)
        for name, paths in by_source.items():
            source = self._shelf.source(name)
            if not isinstance(source, Polls):
                continue
            try:
                ticks = await source.quotes([path.symbol for path in paths])
            except (TioError, OSError, TimeoutError) as error:
                log.debug("%s could not check: %s", name, error)
                continue
            said = said_by(ticks)
            for path in paths:
                if path.symbol in said:
                    self._judge(path, name, said[path.symbol])

    async def _run(self) -> None:
        while True:
            await self._clock.sleep(PERIOD)
            try:
                await self.look()
            except Exception:
                log.exception("a round of the cross-check failed; the next is in a minute")

    def _those_of_this_round(self) -> Sequence[Path]:
        paths = [path for _, path in sorted(self._router.paths.items()) if path.active]
        for gone in self._rounds.keys() - {path.symbol for path in paths}:
            del self._rounds[gone]
        if len(paths) <= MOST:
            return paths
        begin = self._turn % len(paths)
        self._turn = begin + MOST
        return (paths + paths)[begin : begin + MOST]

    def _checker(self, path: Path) -> str:
        """The next source of the chain that can be asked for a quote."""
        for name in path.chain:
            if name == path.active or self._shelf.why_not(name, path.symbol):
                continue
            if isinstance(self._shelf.source(name), Polls):
                return name
        return ""

    def _judge(self, path: Path, checker: str, said: Said) -> None:
        line = self._market.board.lines.get(path.symbol)
        apart = None if line is None else self._apart(path, line, said)
        if line is None or apart is None:
            return
        if abs(apart) <= threshold(path.kind, line):
            self._rounds.pop(path.symbol, None)
            self._note(path, line, "")
            return
        rounds = self._rounds[path.symbol] = self._rounds.get(path.symbol, 0) + 1
        if rounds >= ROUNDS:
            pair = f"{path.active} and {checker} {abs(apart):.1%} apart".replace("%", " %")
            self._note(path, line, f"{pair} ({checker} says {said.price:g})")

    def _note(self, path: Path, line: Line, note: str) -> None:
        path.note = note
        if line.note != note:
            line.note = note
            self._market.quotes.touch(path.symbol)

    def _apart(self, path: Path, line: Line, said: Said) -> float | None:
        """How far the other's price lies from ours of its own time, as a share; None: no telling.

        A price of the past is compared with the range of our minutes around it.
        """
        mine = line.mid or line.last
        if not mine:
            return None  # a rate may be 0: nothing is a share of it
        if said.at is None or said.at >= line.newest_at - 2_000_000:
            return (said.price - mine) / abs(mine)
        ladder = line.bars.ladder(Timeframe.m1)
        opening = line.bars.opening(said.at, Timeframe.m1)
        rows = [ladder.row(at) for at in range(opening - _MINUTE, opening + 2 * _MINUTE, _MINUTE)]
        known = [row for row in rows if row is not None]
        if not known:
            return None
        low, high = min(row[3] for row in known), max(row[2] for row in known)
        if said.price < low:
            return (said.price - low) / abs(low or mine)
        return max(0.0, (said.price - high) / abs(high or mine))


def threshold(kind: AssetClass, line: Line) -> float:
    """The share by which two sources may differ: of their kind, or four spreads."""
    least = _THRESHOLDS.get(kind, _OTHERWISE)
    if line.bid and line.ask and line.ask > line.bid:
        return max(least, _SPREADS * (line.ask - line.bid) / abs(line.ask))
    return least


def said_by(ticks: Iterable[Tick]) -> dict[str, Said]:
    """What ticks say of each symbol's price: the mid over the last where both are told."""
    told: dict[str, Said] = {}
    for tick in ticks:
        if isinstance(tick, TopOfBook) and tick.bid and tick.ask:
            told[tick.symbol] = Said((tick.bid + tick.ask) / 2, tick.at)
        elif isinstance(tick, DayFigures) and tick.last is not None:
            told.setdefault(tick.symbol, Said(tick.last, tick.at))
        elif isinstance(tick, Trade):
            told.setdefault(tick.symbol, Said(tick.price, tick.at))
    return told
