"""Figures told by the day, as bars: each opens at midnight UTC of its date."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from math import isfinite, nan
from typing import NamedTuple

from tio.api.market import Adjustment, Bars, Coverage, Delay, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.feeds.frames import Garbage
from tio.engine.market.sessions import SessionRules, bar_end
from tio.plugin import Traits


class Dated(NamedTuple):
    """One day's bar; volume NaN where none is told."""

    on: date
    open: float
    high: float
    low: float
    close: float
    volume: float = nan

    @property
    def time(self) -> int:
        """The bar's opening, µs UTC."""
        return midnight(self.on)


class Span(NamedTuple):
    """What was asked for: the newest `limit` bars that open in [start, end)."""

    start: datetime | None
    end: datetime
    limit: int


def fixed(on: date, value: float) -> Dated:
    """A figure told once a day: nobody traded at it, so it has no range and no volume."""
    return Dated(on, value, value, value, value)


def midnight(on: date) -> int:
    """µs UTC at which a date begins in Greenwich."""
    return instant(datetime(on.year, on.month, on.day, tzinfo=UTC))


def within(on: date, start: datetime, end: datetime) -> bool:
    """Whether a date begins, in Greenwich, in [start, end)."""
    return start <= datetime(on.year, on.month, on.day, tzinfo=UTC) < end


def day_of(text: str, source: str) -> date:
    """The date of `YYYY-MM-DD`; Garbage when it is none after 1900."""
    try:
        on = date.fromisoformat(text.strip())
    except ValueError:
        raise Garbage(f"not an answer of {source}: {text[:40]!r} is no date") from None
    return sane(on, source)


def sane(on: date, source: str) -> date:
    """The date itself; Garbage when no figure can be of it."""
    if not 1700 <= on.year < 2100:
        raise Garbage(f"not an answer of {source}: a date of the year {on.year}")
    return on


def bars_of_days(
    rows: Iterable[Dated],
    symbol: str,
    source: str,
    span: Span,
    *,
    delay: Delay,
    coverage: Coverage = Coverage.consolidated,
    adjusted: Adjustment = Adjustment.raw,
    forms: tuple[SessionRules, int] | None = None,
) -> Bars:
    """The days within the span as bars, oldest first, a date told twice as it was told last.

    `forms`: the session's rules and the newest instant (µs) the source can know of, where a day is
    told before it is over; figures that are final when told give none.
    """
    start = None if span.start is None else instant(span.start)
    end = instant(span.end)
    found = {
        row.time: row
        for row in (_finite(each, source) for each in rows)
        if row.time < end and (start is None or row.time >= start)
    }
    times = sorted(found)[-span.limit :] if span.limit > 0 else []
    kept = [found[time] for time in times]
    forming = False
    if forms is not None and times:
        rules, known = forms
        forming = bar_end(rules, times[-1], Timeframe.d1) > known
    return Bars(
        symbol=symbol,
        timeframe=Timeframe.d1,
        time=Times(times),
        open=Series(row.open for row in kept),
        high=Series(row.high for row in kept),
        low=Series(row.low for row in kept),
        close=Series(row.close for row in kept),
        volume=Series(row.volume for row in kept),
        forming=forming,
        source=source,
        delay=delay,
        coverage=coverage,
        adjusted=adjusted,
    )


def bars_of_fixes(rows: Iterable[Dated], symbol: str, span: Span, traits: Traits) -> Bars:
    """Figures that are final when told, as bars of the source whose traits these are."""
    return bars_of_days(
        rows, symbol, traits.name, span, delay=traits.delay, coverage=traits.coverage
    )


def _finite(row: Dated, source: str) -> Dated:
    if all(isfinite(price) for price in row[1:5]) and not row.volume < 0:
        return row
    raise Garbage(f"not a bar of {source}: {row[1:]!r} on {row.on}")
