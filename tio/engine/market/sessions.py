"""When an instrument trades, which date a moment belongs to, and where its bars begin.

All instants are int64 microseconds since 1970 UTC. A `Day` is one session date of one rule; it is
computed once and then answered by comparing integers.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.market import AssetClass, Instrument, Session, Timeframe
from tio.engine.hours.globex import CALENDAR, group_of
from tio.engine.hours.table import Spans, in_force
from tio.engine.market.venues import BY_MIC, US, VENUES, Venue

DAY = 86_400_000_000
_NEW_YORK = "America/New_York"
_CHICAGO = "America/Chicago"
_EPOCH = date(1970, 1, 1)
_KEPT: list[Callable[[], None]] = []


class Day:
    """One session date: it owns the instants in [start, end); bars of it anchor at `anchor`."""

    __slots__ = ("anchor", "date", "early", "end", "late", "month", "regular", "start", "week")

    def __init__(
        self,
        on: date,
        span: tuple[int, int],
        anchor: int,
        regular: tuple[tuple[int, int], ...],
        extended: tuple[int, int],
    ) -> None:
        self.start, self.end = span
        self.anchor = anchor
        self.regular = regular
        self.early, self.late = extended
        self.date = (on - _EPOCH).days * DAY
        self.week = self.date - on.weekday() * DAY
        self.month = self.date - (on.day - 1) * DAY

    def opening(self, at: int, timeframe: Timeframe) -> int:
        """The `time` of the bar that holds `at`."""
        match timeframe:
            case Timeframe.d1:
                return self.date
            case Timeframe.w1:
                return self.week
            case Timeframe.mo1:
                return self.month
        step = timeframe.step
        return self.anchor + (at - self.anchor) // step * step

    def in_regular(self, at: int) -> bool:
        return any(opens <= at < closes for opens, closes in self.regular)

    def session(self, at: int) -> Session:
        if self.in_regular(at):
            return Session.regular
        if not self.regular or not self.early <= at < self.late:
            return Session.closed
        if at < self.regular[0][0]:
            return Session.pre
        return Session.post if at >= self.regular[-1][1] else Session.closed


class SessionRules:
    """The days of one kind of instrument; `strict`: bars of a day and more are regular hours.

    `calendar` names the row of the table of hours the days are made from, if there is one.
    """

    def __init__(self, day_of: Callable[[int], Day], *, strict: bool, calendar: str = "") -> None:
        self.day = day_of
        self.strict = strict
        self.calendar = calendar

    def on_date(self, on: date) -> Day:
        """The day of a session date; noon of Greenwich falls on it wherever a venue is."""
        return self.day((on - _EPOCH).days * DAY + DAY // 2)

    def session(self, at: int) -> Session:
        return self.day(at).session(at)


def renew() -> None:
    """Forget the days made from a table of hours that another one has replaced."""
    for forget in _KEPT:
        forget()


def rules_of(instrument: Instrument) -> SessionRules:
    """The rules an instrument trades by: its asset class's, or its venue's hours."""
    match instrument.asset_class:
        case AssetClass.crypto | AssetClass.simulated:
            return ALWAYS
        case AssetClass.fx:
            return FX
        case AssetClass.future:
            group = group_of(instrument.symbol)
            return OTHER_FUTURES if group is None else globex_rules(group.name)
        case _ if instrument.mic and instrument.mic not in BY_MIC and not instrument.venue:
            return UNKNOWN
        case AssetClass.equity_index:
            return _index_rules(_venue_of(instrument))
    return venue_rules(_venue_of(instrument))


def _venue_of(instrument: Instrument) -> Venue:
    """Where it trades; of whom neither venue nor exchange is told, in New York."""
    return VENUES.get(instrument.venue) or BY_MIC.get(instrument.mic) or US


def session_at(instrument: Instrument, at: int) -> Session:
    """Which part of its day an instrument is in."""
    return rules_of(instrument).session(at)


def session_date(instrument: Instrument, at: int) -> date:
    """The date a moment's trades count for."""
    return _EPOCH + timedelta(microseconds=rules_of(instrument).day(at).date)


def bar_end(rules: SessionRules, opening: int, timeframe: Timeframe) -> int:
    """The instant at which the bar that opens at `opening` can take no more trades."""
    if timeframe.intraday:
        return opening + timeframe.step
    first = datetime.fromtimestamp(opening // 1_000_000, UTC).date()
    match timeframe:
        case Timeframe.d1:
            last = first
        case Timeframe.w1:
            last = first + timedelta(days=6)
        case _:
            last = (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    for back in range((last - first).days + 1):
        day = rules.on_date(last - timedelta(days=back))
        if day.regular:
            return day.regular[-1][1]
    return rules.on_date(last).end


def _instant(on: date, minutes: int, zone: ZoneInfo) -> int:
    """Microseconds of a local wall time, `minutes` after the midnight that begins `on`."""
    days, minutes = divmod(minutes, 1_440)
    on += timedelta(days=days)
    wall = datetime(on.year, on.month, on.day, minutes // 60, minutes % 60, tzinfo=zone)
    return int(wall.timestamp()) * 1_000_000


def _local_date(at: int, zone: ZoneInfo, forward: int = 0) -> date:
    local = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(zone)
    return (local.replace(tzinfo=None) + timedelta(minutes=forward)).date()


@lru_cache(maxsize=4_096)
def _utc_day(number: int) -> Day:
    start = number * DAY
    end = start + DAY
    on = _EPOCH + timedelta(days=number)
    return Day(on, (start, end), start, ((start, end),), (start, end))


ALWAYS = SessionRules(lambda at: _utc_day(at // DAY), strict=False)
"""Crypto: every hour of every day, days at 00:00Z."""
UNKNOWN = SessionRules(lambda at: _utc_day(at // DAY), strict=False)
"""An exchange whose hours nobody told us: whenever it trades, it trades; days at 00:00Z."""


def _dated(
    on_date: Callable[[date], Day], zone: ZoneInfo, turn: int = 1_440
) -> Callable[[int], Day]:
    """Which day an instant belongs to, when days turn `turn` local minutes after midnight."""
    kept = lru_cache(maxsize=4_096)(on_date)
    _KEPT.append(kept.cache_clear)
    return lambda at: kept(_local_date(at, zone, 1_440 - turn))


def _currency_week() -> SessionRules:
    """Days that end at 17:00 New York and begin the evening before, Monday to Friday."""
    zone = ZoneInfo(_NEW_YORK)
    turn = 17 * 60

    def on_date(on: date) -> Day:
        start, end = _instant(on, turn - 1_440, zone), _instant(on, turn, zone)
        rests = on.weekday() >= 5 or (on.month, on.day) in FX_HOLIDAYS
        return Day(on, (start, end), start, () if rests else ((start, end),), (start, end))

    return SessionRules(_dated(on_date, zone, turn), strict=False)


@lru_cache(maxsize=16)
def globex_rules(group: str) -> SessionRules:
    """Days that turn at 16:00 Chicago, most from 17:00 on; hours and half days by the table.

    The table's calendar, which is the equities', lets each session end when the next one begins.
    """
    code = CALENDAR if group == "equity" else f"{CALENDAR}/{group}"
    zone = ZoneInfo(_CHICAGO)
    turn = 16 * 60

    def on_date(on: date) -> Day:
        calendar = in_force().calendar(code)
        start, end = _instant(on, turn - 1_440, zone), _instant(on, turn, zone)
        hours = tuple((opens, min(closes, turn)) for opens, closes in calendar.hours(on))
        regular = _regular(on, hours, zone)
        anchor = _instant(on, calendar.usual(on)[0][0], zone)
        extended = (regular[0][0], regular[-1][1]) if regular else (anchor, end)
        return Day(on, (start, end), anchor, regular, extended)

    return SessionRules(_dated(on_date, zone, turn), strict=False, calendar=code)


def _globex_week() -> SessionRules:
    """Days of 17:00 to 16:00 Chicago from Monday to Friday, whatever the holidays."""
    zone = ZoneInfo(_CHICAGO)
    turn = 16 * 60

    def on_date(on: date) -> Day:
        start, end = _instant(on, turn - 1_440, zone), _instant(on, turn, zone)
        opens = _instant(on, -7 * 60, zone)
        regular = ((opens, end),) if on.weekday() < 5 else ()
        return Day(on, (start, end), opens, regular, (opens, end))

    return SessionRules(_dated(on_date, zone, turn), strict=False)


FX_HOLIDAYS = {(12, 25): "Christmas", (1, 1): "New Year's Day"}
FX = _currency_week()
"""Spot FX: Sunday 17:00 to Friday 17:00 New York, each day ending 17:00."""
FUTURES = globex_rules("equity")
"""CME Globex hours of equity futures: 17:00 to 16:00 Chicago."""
OTHER_FUTURES = _globex_week()
"""Futures of other exchanges and products: their own hours are not known here."""


@lru_cache(maxsize=64)
def venue_rules(venue: Venue) -> SessionRules:
    """How a venue trades, by its calendar; midnight turns its day."""
    zone = ZoneInfo(venue.zone)

    def on_date(on: date) -> Day:
        calendar = in_force().calendar(venue.calendar)
        usual, hours = calendar.usual(on), calendar.hours(on)
        opens, closes = (hours[0][0], hours[-1][1]) if hours else (usual[0][0], usual[-1][1])
        early = opens if venue.early is None else min(venue.early, opens)
        late = closes if venue.late is None else closes + max(venue.late - usual[-1][1], 0)
        return Day(
            on,
            (_instant(on, 0, zone), _instant(on, 1_440, zone)),
            _instant(on, opens, zone),
            _regular(on, hours, zone),
            (_instant(on, early, zone), _instant(on, late, zone)),
        )

    return SessionRules(_dated(on_date, zone), strict=True, calendar=venue.calendar)


@lru_cache(maxsize=64)
def _index_rules(venue: Venue) -> SessionRules:
    """An index is told in its venue's regular hours."""
    return venue_rules(replace(venue, early=None, late=None))


def _regular(on: date, hours: Spans, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    return tuple((_instant(on, opens, zone), _instant(on, closes, zone)) for opens, closes in hours)
