"""The bars a plan is scored by: the finest that cover its time without a hole, or what is missing.

Only bars that open after the plan was made and end before its horizon count. The market may rest
between two of them; where it traded and no bar is known, the next coarser timeframe is tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import isclose, isnan

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.companies import EventKind
from tio.api.errors import SourceUnavailable, TioError
from tio.api.ideas import IdeaPlan
from tio.api.market import Adjustment, Bars, GetBars, Hours, Session, Timeframe
from tio.api.series import instant, moment
from tio.engine.ideas.scoring import Bar
from tio.engine.market.adjusting import in_effect
from tio.engine.market.service import MarketService
from tio.engine.orders.hours import TradingHours, VenueHours
from tio.engine.orders.tape import exact

LADDER = (Timeframe.m1, Timeframe.m5, Timeframe.m15, Timeframe.h1, Timeframe.d1)
MOST = 20_000
"""Bars of one timeframe a plan is scored by at the most."""
HOLE = 5
"""Bars that may lack in a row while the market trades: nobody may have traded."""
PATIENCE = timedelta(days=2)
"""How long the end of the finest bars is waited for before coarser ones are taken."""
LATE = "told until"
AGAIN = "it is tried again"
_ENGINE = Principal()


@dataclass(frozen=True, slots=True)
class Past:
    """What happened to a plan; its prices are on the bars' basis."""

    plan: IdeaPlan
    bars: tuple[Bar, ...]
    timeframe: Timeframe
    source: str


class PlanHistory:
    """Finds the bars after a plan was made."""

    def __init__(self, market: MarketService, hours: TradingHours | None = None) -> None:
        self._market = market
        self._hours = hours or VenueHours(market.instrument)

    async def whole(self, symbol: str, plan: IdeaPlan, now: datetime) -> Past:
        """Bars from the plan to its horizon; SourceUnavailable where they do not cover it."""
        missing = ""
        for timeframe in LADDER:
            span = instant(plan.due) - instant(plan.at)
            if span // timeframe.step > MOST:
                continue
            try:
                bars = await self._bars(symbol, plan, timeframe)
            except TioError as error:
                missing = missing or error.message
                continue
            hole = self._hole(symbol, bars, plan)
            if hole.startswith(LATE) and now - plan.due < PATIENCE:
                raise SourceUnavailable(f"bars of {symbol} are missing: {hole}", AGAIN)
            if not hole:
                scale = await self._scaled(symbol, plan, bars, now)
                within = _within(bars, instant(plan.at), instant(plan.due))
                return Past(scale, within, timeframe, bars.source)
            missing = missing or hole
        raise SourceUnavailable(f"bars of {symbol} are missing: {missing}", AGAIN)

    async def so_far(self, symbol: str, plan: IdeaPlan, now: datetime) -> Past | None:
        """What bars are known from the plan to now; None where none are."""
        for timeframe in LADDER:
            if (instant(now) - instant(plan.at)) // timeframe.step > MOST:
                continue
            try:
                bars = await self._bars(symbol, plan, timeframe)
            except TioError:
                continue
            found = _within(bars, instant(plan.at), instant(now) + timeframe.step)
            if found:
                scale = await self._scaled(symbol, plan, bars, now)
                return Past(scale, found, timeframe, bars.source)
        return None

    async def _bars(self, symbol: str, plan: IdeaPlan, timeframe: Timeframe) -> Bars:
        hours = Hours.regular if timeframe.intraday else Hours.extended
        asked = GetBars(symbol, timeframe, start=plan.at, limit=50_000, hours=hours)
        bars: Bars = await self._market.answers()[GetBars](asked, _ENGINE)
        return bars

    async def _scaled(self, symbol: str, plan: IdeaPlan, bars: Bars, now: datetime) -> IdeaPlan:
        """The plan with its prices as the bars tell theirs: splits since are told in both."""
        events = await self._market.events(symbol) if self._market.events is not None else None
        splits = [e for e in events or () if e.kind is EventKind.share_split and e.ratio]
        rules = self._market.history.rules(symbol)
        before = in_effect(splits, Timeframe.m1, rules, instant(plan.at))
        after = in_effect(splits, Timeframe.m1, rules, instant(now))
        ratio = 1.0
        for split in after:
            if split not in before:
                ratio *= split.ratio or 1.0
        if isclose(ratio, 1.0):
            return plan
        if bars.adjusted is Adjustment.raw:
            raise SourceUnavailable(f"{symbol} split since, and its bars are not adjusted", AGAIN)
        by = Decimal(repr(ratio))
        return replace(
            plan,
            entry=plan.entry / by,
            stop=plan.stop / by,
            targets=tuple(price / by for price in plan.targets),
            invalidation=None if plan.invalidation is None else plan.invalidation / by,
        )

    def _hole(self, symbol: str, bars: Bars, plan: IdeaPlan) -> str:
        """Where the bars lack something between the plan and its horizon, "" where nowhere."""
        step, since, until = bars.timeframe.step, instant(plan.at), instant(plan.due)
        times = [at for at in bars.time if at >= since]
        if bars.cut or not times:
            return f"no {bars.timeframe} bars since {plan.at:%Y-%m-%d %H:%M}Z are known"
        if not any(at + step <= until for at in times) and not self._rests(symbol, since, until):
            return f"no {bars.timeframe} bar lies wholly before the horizon"
        ends = [since, *(at + step for at in times if at < until)]
        begins = [at for at in times if at < until]
        later = next((at for at in times if at + step >= until), None)
        begins.append(later if later is not None else until)
        patience = HOLE * step
        for end, begin in zip(ends, begins, strict=True):
            last = begin == until and later is None
            if begin - end > (0 if last else patience) and not self._rests(symbol, end, begin):
                if last:
                    return f"{LATE} {moment(end):%Y-%m-%d %H:%M}Z ({bars.timeframe})"
                return f"no {bars.timeframe} bars from {moment(end):%Y-%m-%d %H:%M}Z on"
        return ""

    def _rests(self, symbol: str, since: int, until: int) -> bool:
        """Whether the market's regular session is closed all the time between."""
        at = moment(since)
        if self._hours.session(symbol, at) is Session.regular:
            return False
        opens = self._hours.opens(symbol, at)
        return opens is not None and instant(opens) >= until


def _within(bars: Bars, since: int, until: int) -> tuple[Bar, ...]:
    """The bars that open after one moment and end before another."""
    step = bars.timeframe.step
    rows: Sequence[tuple[int, float, float, float, float]] = list(
        zip(bars.time, bars.open, bars.high, bars.low, bars.close, strict=True)
    )
    return tuple(
        Bar(at, *(exact(price) or Decimal(0) for price in prices))
        for at, *prices in rows
        if since <= at and at + step <= until and not any(isnan(price) for price in prices)
    )
