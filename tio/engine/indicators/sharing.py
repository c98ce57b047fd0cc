"""Who wants which indicator live: lanes begin with the first who does and end with the last."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import nan

from msgspec.structs import replace

from tio.api.contract import Item, Watch
from tio.api.indicators import Computed, IndicatorUpdates
from tio.api.market import Timeframe
from tio.api.series import Series, Times
from tio.engine.bus import Bus
from tio.engine.indicators.computing import (
    Computer,
    Fetch,
    Fetched,
    Key,
    Wanted,
    about,
    told,
)
from tio.engine.indicators.followers import Compared, Follower, Stepped, Straight
from tio.engine.indicators.lanes import Lane, LaneKey, Told, nothing
from tio.engine.indicators.live import Values
from tio.engine.market.market import Market
from tio.engine.market.service import MarketService
from tio.plugin import Clock

LATEST = 2**62
"""Later than any bar."""


@dataclass(slots=True)
class Shared:
    """A lane with those who want its indicators."""

    lane: Lane
    wants: dict[Key, Wanted] = field(default_factory=dict)
    counts: dict[Key, int] = field(default_factory=dict)
    beginning: asyncio.Lock = field(default_factory=asyncio.Lock)


class Lanes:
    """The lanes of one engine. `fetch` gives bars as those who watch them get them."""

    def __init__(self, bus: Bus, clock: Clock, market: MarketService, computer: Computer) -> None:
        self._bus = bus
        self._clock = clock
        self._market = market
        self._computer = computer
        self._shared: dict[LaneKey, Shared] = {}

    def __len__(self) -> int:
        return len(self._shared)

    def watch(
        self, topic: IndicatorUpdates, wants: Sequence[Wanted], fetch: Fetch
    ) -> Watch[tuple[Computed, ...]]:
        """A watch of indicators on one symbol's bars; NotFound."""
        return _IndicatorWatch(self, self._key(topic), wants, topic.limit, fetch)

    async def computed(
        self, topic: IndicatorUpdates, wants: Sequence[Wanted], fetch: Fetch
    ) -> tuple[Computed, ...]:
        """The newest values, without following anything."""
        return await self._newest(self._key(topic), wants, topic.limit, fetch)

    def _key(self, topic: IndicatorUpdates) -> LaneKey:
        return LaneKey(self._market.symbol(topic.symbol), topic.timeframe, topic.hours)

    @contextmanager
    def held(self, key: LaneKey, wants: Sequence[Wanted]) -> Iterator[Lane]:
        """A lane for as long as these are wanted of it."""
        symbols = (key.symbol, *(want.against for want in wants if want.against))
        self._market.demand.add(symbols)
        for want in wants:
            self._want(key, want)
        try:
            yield self._shared[key].lane
        finally:
            for want in wants:
                self._leave(key, want)
            self._market.demand.drop(symbols)

    def _want(self, key: LaneKey, want: Wanted) -> None:
        shared = self._shared.get(key)
        if shared is None:
            source = self._market.market.bar_updates(key.symbol, key.timeframe)
            rules = self._market.history.rules(key.symbol)
            shared = self._shared[key] = Shared(Lane(key, self._bus, self._clock, source, rules))
        shared.wants[want.key] = want
        shared.counts[want.key] = shared.counts.get(want.key, 0) + 1
        if want.asked.timeframe is not None:
            longer = self._longer(key, want)
            self._want(longer, want.straight)
            turns = self._shared[longer].lane.on_turn
            turns[shared.lane.step] = turns.get(shared.lane.step, 0) + 1

    def _leave(self, key: LaneKey, want: Wanted) -> None:
        shared = self._shared[key]
        shared.counts[want.key] -= 1
        if want.asked.timeframe is not None:
            longer = self._longer(key, want)
            turns = self._shared[longer].lane.on_turn
            turns[shared.lane.step] -= 1
            if not turns[shared.lane.step]:
                del turns[shared.lane.step]
            self._leave(longer, want.straight)
        if shared.counts[want.key]:
            return
        del shared.counts[want.key], shared.wants[want.key]
        shared.lane.followers.pop(want.key, None)
        if not shared.counts:
            shared.lane.close()
            del self._shared[key]

    def _longer(self, key: LaneKey, want: Wanted) -> LaneKey:
        assert want.asked.timeframe is not None
        return LaneKey(key.symbol, want.asked.timeframe, key.hours)

    async def begun(self, key: LaneKey, fetch: Fetch) -> None:
        """Have everything wanted of a lane follow it."""
        shared = self._shared[key]
        for want in tuple(shared.wants.values()):
            if want.asked.timeframe is not None:
                await self.begun(self._longer(key, want), fetch)
        async with shared.beginning:
            lane = shared.lane
            while missing := [w for k, w in shared.wants.items() if k not in lane.followers]:
                turns = lane.turns
                count = max(want.own_warm_up for want in missing) + 2
                bars = await fetch(key.symbol, key.timeframe, count, LATEST)
                if turns != lane.turns:
                    continue
                if not lane.followers:
                    lane.begin(bars)
                known = lane.joins(bars)
                if known is None:
                    await self._clock.sleep(self._bus.window)
                    continue
                made = [await self._follower(lane, want, known, fetch) for want in missing]
                if turns == lane.turns:
                    for want, (follower, newest) in zip(missing, made, strict=True):
                        lane.follow(want.key, follower, newest)

    async def _follower(
        self, lane: Lane, want: Wanted, known: Fetched, fetch: Fetch
    ) -> tuple[Follower, Values]:
        """One that has seen the bars the lane has pushed, and its values at the last."""
        empty = nothing(len(want.found.outputs))
        if want.asked.timeframe is not None:
            longer = self._shared[self._longer(lane.key, want)].lane
            at = partial(_at, longer, want.straight.key, empty)
            last = int(known.bars.time[-1]) if len(known.bars) else -LATEST
            return Stepped(at), at(last)
        follower = Straight(want.spec)
        if want.against:
            beside = _Closes(self._market.market, want.against, lane.key.timeframe)
            follower = Compared(want.spec, beside.at)
        of = known.newest(want.own_warm_up + 1)
        reads = await self._computer.beside(want, of, fetch)
        outputs = follower.fill(of.bars, reads)
        return follower, tuple(float(each[-1]) for each in outputs) if len(of.bars) else empty

    async def snapshot(
        self, key: LaneKey, wants: Sequence[Wanted], limit: int, fetch: Fetch
    ) -> tuple[Computed, ...]:
        """The newest values, with the lane following from there on."""
        await self.begun(key, fetch)
        return await self._newest(key, wants, limit, fetch)

    async def _newest(
        self, key: LaneKey, wants: Sequence[Wanted], limit: int, fetch: Fetch
    ) -> tuple[Computed, ...]:
        count = limit + max(want.own_warm_up for want in wants)
        base = await fetch(key.symbol, key.timeframe, count, LATEST)
        computed = []
        for want in wants:
            of = base.newest(limit + want.own_warm_up)
            outputs = await self._computer.over(want, of, key.symbol, fetch)
            computed.append(told(want, of.bars, outputs, min(limit, len(base.bars))))
        return tuple(computed)


class _IndicatorWatch:
    """A watch that begins with what history tells, then tells what the lane does."""

    def __init__(
        self, lanes: Lanes, key: LaneKey, wants: Sequence[Wanted], limit: int, fetch: Fetch
    ) -> None:
        self._lanes = lanes
        self._key = key
        self._wants = wants
        self._limit = limit
        self._fetch = fetch
        self._tellers = [_Teller(want) for want in wants]
        self._open = ExitStack()

    async def __aenter__(self) -> AsyncIterator[Item[tuple[Computed, ...]]]:
        lane = self._open.enter_context(self._lanes.held(self._key, self._wants))
        self._changes = lane.channel.watch(None, lambda: (), self._gather)
        return self._items(await self._changes.__aenter__())

    async def __aexit__(self, *exc: object) -> None:
        await self._changes.__aexit__(*exc)
        self._open.close()

    async def _items(
        self, changes: AsyncIterator[Item[tuple[Computed, ...]]]
    ) -> AsyncIterator[Item[tuple[Computed, ...]]]:
        async for item in changes:
            if not item.snapshot:
                yield item
                continue
            # What changes meanwhile is kept, and told next.
            now = await self._lanes.snapshot(self._key, self._wants, self._limit, self._fetch)
            yield replace(item, value=now)

    def _gather(self, changed: Sequence[Told]) -> tuple[Computed, ...]:
        ordered = sorted(changed)
        time = Times([each.time for each in ordered])
        return tuple(each.of(time, ordered) for each in self._tellers)


class _Teller:
    """Tells an indicator's values at some bars, all else about it being known."""

    def __init__(self, want: Wanted) -> None:
        self._key = want.key
        self._names = want.found.outputs
        self._empty = nothing(len(self._names))
        self._told = Computed(time=Times(()), **about(want))

    def of(self, time: Times, changed: Sequence[Told]) -> Computed:
        rows = [each.values.get(self._key) or self._empty for each in changed]
        if len(rows) == 1:  # as mostly: the bar that is forming
            one = {n: Series.of((v,)) for n, v in zip(self._names, rows[0], strict=True)}
            return replace(self._told, time=time, outputs=one)
        columns = zip(self._names, zip(*rows, strict=True), strict=True)
        outputs = {name: Series.of(column) for name, column in columns}
        return replace(self._told, time=time, outputs=outputs)


class _Closes:
    """Another instrument's closes as they are folded."""

    def __init__(self, market: Market, symbol: str, timeframe: Timeframe) -> None:
        self._market = market
        self._symbol = symbol
        self._timeframe = timeframe

    def at(self, opening: int, forming: bool) -> float:
        """The close at the same bar; while that may still come, the newest."""
        line = self._market.board.lines.get(self._symbol)
        if line is None:
            return nan
        ladder = line.bars.ladder(self._timeframe)
        row = ladder.row(opening)
        if row is None and forming and len(ladder) and ladder.time[-1] < opening:
            row = ladder.row(ladder.time[-1])
        return nan if row is None else row.close


def _at(lane: Lane, key: Key, empty: Values, opening: int) -> Values:
    return lane.value(key, opening) or empty
