"""One indicator beside some bars: what it reads is fetched, what has closed is computed once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from msgspec.structs import replace as structs_replace

from tio.api.errors import Invalid
from tio.api.indicators import Computed, IndicatorSpec, Pane, Param
from tio.api.market import Timeframe
from tio.api.series import Series, Times
from tio.engine.indicators.aligned import beside, ends_of, sessions, stepped
from tio.engine.indicators.catalogue import indicator
from tio.engine.indicators.declare import Floats, Indicator, Spec
from tio.engine.indicators.entries import GUIDES, drawn, label
from tio.engine.indicators.kept import Beside, Kept
from tio.engine.indicators.live import Bar, memory
from tio.engine.indicators.tail import PREFIX, Tail
from tio.engine.market.sessions import SessionRules
from tio.engine.store.columns import Columns

MOST = 50_000
"""Bars one indicator is computed over at most, those that warm it up with them."""
SETTLED = 20
"""Warm-ups after which what an endless average began with has faded below a rounding error."""
LEAST = 300
"""Bars an indicator that never forgets is warmed up with at least."""


Key = str
"""What two indicators that are the same have in common; a text, since it knows its own hash."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An indicator asked for, checked: `params` are all its parameters."""

    asked: IndicatorSpec
    found: Indicator
    params: dict[str, Param]
    against: str

    @property
    def key(self) -> Key:
        """What two that are the same have in common, however they were asked for."""
        params = "".join(f" {name}={value!r}" for name, value in self.params.items())
        return f"{self.found.name}{params} @{self.asked.timeframe} /{self.against}"

    @property
    def spec(self) -> Spec:
        return Spec(self.found.name, self.params)

    @property
    def warm_up(self) -> int:
        """Bars before the first one wanted by which its value there no longer hangs on them."""
        warm_up = self.found.warm_up_of(self.params)
        if self.is_tail or memory(self.spec) is None:
            return min(max(SETTLED * warm_up, LEAST), MOST)
        return min(warm_up, MOST)

    @property
    def is_tail(self) -> bool:
        """Whether pandas-ta computes it, in its own process."""
        return self.found.name.startswith(PREFIX)

    @property
    def own_warm_up(self) -> int:
        """Bars of the lane that warm it up: none where it is computed over longer ones."""
        return 0 if self.asked.timeframe is not None else self.warm_up

    @property
    def straight(self) -> "Wanted":
        """The same over bars of its own timeframe."""
        asked = structs_replace(self.asked, timeframe=None)
        return replace(self, asked=asked)


def wanted(
    asked: IndicatorSpec,
    timeframe: Timeframe,
    symbol: Callable[[str], str],
    found: Indicator | None = None,
) -> Wanted:
    """What is asked for, checked; `found` is one of pandas-ta's. NotFound, Invalid."""
    found = found or indicator(asked.name)
    params = found.settings(asked.params)
    if asked.timeframe is not None and asked.timeframe.step <= timeframe.step:
        raise Invalid(
            f"{found.name} over {asked.timeframe} does not fit bars of {timeframe}",
            "name a longer timeframe, or none",
        )
    compares = "against" in found.inputs
    if compares and not asked.against:
        raise Invalid(
            f"{found.name} compares with another instrument: none was given",
            f"write {found.name}/SPY",
        )
    if asked.against and not compares:
        raise Invalid(f"{found.name} compares with no other instrument", "leave /… away")
    return Wanted(asked, found, params, symbol(asked.against) if compares else "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Bars, oldest first; the last may still be forming."""

    timeframe: Timeframe
    bars: Columns
    forming: bool
    rules: SessionRules

    @property
    def closed(self) -> int:
        return len(self.bars) - self.forming

    def first(self, count: int) -> "Fetched":
        return replace(self, bars=self.bars[:count], forming=False)

    def newest(self, count: int) -> "Fetched":
        return replace(self, bars=self.bars[max(0, len(self.bars) - count) :])


Fetch = Callable[[str, Timeframe, int, int], Awaitable[Fetched]]
"""The newest bars of a symbol and timeframe, so many, that open before an instant (µs UTC)."""


class Computer:
    """Computes over bars, and fetches the others it takes."""

    def __init__(self) -> None:
        self.kept = Kept()
        self.tail = Tail()

    async def over(
        self, want: Wanted, base: Fetched, symbol: str, fetch: Fetch
    ) -> tuple[Floats, ...]:
        """Each output beside the base's bars, which are the symbol's."""
        longer = want.asked.timeframe
        if longer is None:
            return await self._straight(want, base, fetch)
        if not len(base.bars):
            return (np.zeros(0),) * len(want.found.outputs)
        first, last = int(base.bars.time[0]), int(base.bars.time[-1])
        count = min((last - first) // longer.step + 3 + want.warm_up, MOST)
        over = await fetch(symbol, longer, count, last + 1)
        # The longer bar that the shorter ones are still forming is not known to them yet.
        over = replace(over, bars=over.bars[: over.closed], forming=False)
        outputs = await self._straight(want, over, fetch)
        ends = ends_of(over.bars.time, longer, over.rules)
        return tuple(stepped(base.bars.time, ends, each) for each in outputs)

    async def _straight(self, want: Wanted, of: Fetched, fetch: Fetch) -> tuple[Floats, ...]:
        """Each output at each of the bars, one that is forming peeked at."""
        if want.is_tail:
            return await self.tail.compute(want.found, want.params, of.bars)
        closed = of.closed
        reads = await self.beside(want, of, fetch)
        known = await self.kept.closed(want.spec, of.bars[:closed], reads.upto(closed))
        if not of.forming:
            return known.outputs
        peeked = known.following.peek(bar_of(of.bars, reads, closed))
        return tuple(map(np.append, known.outputs, peeked))

    async def beside(self, want: Wanted, of: Fetched, fetch: Fetch) -> Beside:
        """What the indicator reads beside those bars."""
        numbers = sessions(of.bars.time, of.rules)
        if not want.against or not len(of.bars):
            return Beside(numbers)
        end = int(of.bars.time[-1]) + 1
        other = await fetch(want.against, of.timeframe, len(of.bars), end)
        close = beside(of.bars.time, other.bars.time, other.bars.close, forming=of.forming)
        return Beside(numbers, close)


def bar_of(bars: Columns, reads: Beside, at: int) -> Bar:
    """One bar with what is read beside it."""
    return Bar(
        int(bars.time[at]),
        float(bars.open[at]),
        float(bars.high[at]),
        float(bars.low[at]),
        float(bars.close[at]),
        float(bars.volume[at]),
        int(reads.session[at]),
        float("nan") if reads.against is None else float(reads.against[at]),
    )


def told(want: Wanted, bars: Columns, outputs: tuple[Floats, ...], newest: int) -> Computed:
    """The newest of the bars with their values, as they are answered."""
    first = max(0, len(bars) - newest)
    return Computed(
        time=Times.wrap(bars.time[first:]),
        outputs={
            name: Series.wrap(np.ascontiguousarray(each[first:]))
            for name, each in zip(want.found.outputs, outputs, strict=True)
        },
        **about(want),
    )


def about(want: Wanted) -> dict[str, Any]:
    """What an answer says of an indicator beside its values."""
    return {
        "name": want.found.name,
        "params": want.params,
        "label": label(want.asked, want.params, want.against),
        "timeframe": want.asked.timeframe,
        "against": want.against,
        "pane": Pane(want.found.pane),
        "drawn": drawn(want.found, want.params),
        "guides": GUIDES.get(want.found.name, ()),
    }
