"""What is said of a venue: its day, where it stands, what is unusual next."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from msgspec.structs import replace

from tio.api.errors import NotFound
from tio.api.hours import DayKind, SessionSpan, TradingDay, UnusualDay, VenueHours
from tio.api.market import AssetClass, Instrument
from tio.api.series import instant, moment
from tio.engine.hours.markets import PLACES, SIMULATOR, Place, place_of, place_with
from tio.engine.hours.moments import Stretch, standing, stretches, stretches_of
from tio.engine.hours.table import Unusual, in_force
from tio.engine.market.sessions import FX, FX_HOLIDAYS, SessionRules, rules_of

COMING = 24
"""Holidays and half days told of one venue; a year has fewer."""


def venues(now: datetime, start: datetime, end: datetime) -> tuple[VenueHours, ...]:
    """Every venue, with its sessions that meet [start, end)."""
    return tuple(_listed(place, now, instant(start), instant(end)) for place in PLACES)


def of_venue(text: str, now: datetime, day: date | None) -> VenueHours | None:
    """The venue a word names, by its MIC too; None when it names none."""
    place = place_of(text)
    return None if place is None else _told(place, now, day)


def of_instrument(instrument: Instrument, now: datetime, day: date | None) -> VenueHours:
    """Where an instrument trades, by the hours it trades there."""
    rules = rules_of(instrument)
    simulated = instrument.asset_class is AssetClass.simulated
    place = SIMULATOR if simulated else place_with(rules)
    if place is None:
        raise NotFound(f"no hours are known of {instrument.symbol}", "`tio hours` lists venues")
    # An index has its venue's regular hours alone.
    told = _told(replace(place, rules=rules), now, day)
    return replace(told, symbol=instrument.symbol)


def days(instrument: Instrument, start: date, end: date) -> tuple[TradingDay, ...]:
    """Every date from `start` to `end`, both included, as the instrument's venue trades it."""
    rules = rules_of(instrument)
    told = []
    for number in range((end - start).days + 1):
        on = start + timedelta(days=number)
        unusual = _unusual(rules, on)
        told.append(
            TradingDay(
                date=on,
                kind=_kind(rules, on),
                holiday=unusual.name if unusual else "",
                spans=tuple(_span(each) for each in stretches_of(rules.on_date(on))),
                verified=_verified(rules, on),
            )
        )
    return tuple(told)


def _listed(place: Place, now: datetime, start: int, end: int) -> VenueHours:
    spans = tuple(_span(each) for each in stretches(place.rules, start, end))
    told = _told(place, now, None, coming=1)
    last = moment(place.rules.day(end - 1).date).date()
    if told.verified and not _verified(place.rules, last):
        told = replace(told, verified=False, note=_unverified(place.rules.calendar, last))
    return replace(told, spans=spans)


def _told(place: Place, now: datetime, day: date | None, coming: int = COMING) -> VenueHours:
    rules, at = place.rules, instant(now)
    on = day or moment(rules.day(at).date).date()
    stands = standing(rules, at)
    unusual = _unusual(rules, on)
    until = _moment(stands.until)
    verified = _verified(rules, on)
    return VenueHours(
        code=place.code,
        name=place.name,
        zone=place.zone,
        day=on,
        kind=_kind(rules, on),
        holiday=unusual.name if unusual else "",
        spans=tuple(_span(each) for each in stretches_of(rules.on_date(on))),
        as_of=now,
        session=stands.session,
        until=until,
        then=stands.then,
        countdown=(until - now).total_seconds() if until else None,
        next_open=_moment(stands.next_open),
        next_close=_moment(stands.next_close),
        upcoming=tuple(_upcoming(place, moment(rules.day(at).date).date(), coming)),
        verified=verified and place.sure,
        note=place.note if verified else _unverified(rules.calendar, on),
    )


def _verified(rules: SessionRules, on: date) -> bool:
    return not rules.calendar or in_force().calendar(rules.calendar).verified(on)


def _kind(rules: SessionRules, on: date) -> DayKind:
    unusual = _unusual(rules, on)
    if unusual is not None:
        return DayKind.half if unusual.hours else DayKind.holiday
    return DayKind.whole if rules.on_date(on).regular else DayKind.weekend


def _unusual(rules: SessionRules, on: date) -> Unusual | None:
    if rules.calendar:
        return in_force().calendar(rules.calendar).exception(on)
    name = FX_HOLIDAYS.get((on.month, on.day)) if rules is FX and on.weekday() < 5 else None
    return None if name is None else Unusual(on, name, ())


def _upcoming(place: Place, after: date, count: int) -> Iterator[UnusualDay]:
    """The next so many days that are not as usual, none beyond the table's end."""
    if not place.rules.calendar:
        yield from _by_rule(place.rules, after, count)
        return
    calendar = in_force().calendar(place.rules.calendar)
    for _ in range(count):
        found = calendar.next_exception(after)
        if found is None:
            return
        after = found.on
        if found.hours:
            closes = moment(place.rules.on_date(after).regular[-1][1])
            yield UnusualDay(date=after, kind=DayKind.half, name=found.name, closes=closes)
        else:
            yield UnusualDay(date=after, kind=DayKind.holiday, name=found.name)


def _by_rule(rules: SessionRules, after: date, count: int) -> Iterator[UnusualDay]:
    """The holidays of a year to come that a rule without a calendar has."""
    coming = (after + timedelta(days=number) for number in range(1, 366))
    found = (each for on in coming if (each := _unusual(rules, on)) is not None)
    for each in islice(found, count):
        yield UnusualDay(date=each.on, kind=DayKind.holiday, name=each.name)


def _unverified(code: str, on: date) -> str:
    calendar = in_force().calendar(code)
    bound = f"ends {calendar.last}" if on > calendar.last else f"begins {calendar.first}"
    return f"calendar unverified: the table {bound}; weekends are all that is known of this day"


def _span(each: Stretch) -> SessionSpan:
    return SessionSpan(each.session, moment(each.opens), moment(each.closes))


def _moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)
