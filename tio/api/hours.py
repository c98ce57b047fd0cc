"""When markets trade: the sessions of a day, what comes next, holidays and half days."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, word
from tio.api.market import Session

Moment = Annotated[datetime, Meta(tz=True)]


class DayKind(StrEnum):
    """What sort of day it is at a venue; `half` has other hours than usual."""

    whole = "whole"
    half = "half"
    holiday = "holiday"
    weekend = "weekend"


class SessionSpan(msgspec.Struct, frozen=True):
    """One stretch of a session, from its first instant to the first one after it."""

    session: Session
    opens: datetime
    closes: datetime


class UnusualDay(msgspec.Struct, frozen=True, kw_only=True):
    """A holiday or a half day to come: its name where it is known, when trading ends on it."""

    date: date
    kind: DayKind
    name: str = ""
    closes: datetime | None = None


class VenueHours(msgspec.Struct, frozen=True, kw_only=True):
    """A venue's day and where it stands at `as_of`.

    `session` lasts until `until`, then comes `then`; `countdown` is the seconds till there. All
    three are empty where trading never ends. Not `verified`: the table of hours does not cover
    `day`, weekends are all that is known; `note` says so. `upcoming` are the holidays and half days
    after today: of one venue as far as the table reaches, of many the next one of each.
    """

    code: str
    name: str
    zone: str
    symbol: str = ""
    day: date
    kind: DayKind
    holiday: str = ""
    spans: tuple[SessionSpan, ...] = ()
    as_of: datetime
    session: Session
    until: datetime | None = None
    then: Session | None = None
    countdown: float | None = None
    next_open: datetime | None = None
    next_close: datetime | None = None
    upcoming: tuple[UnusualDay, ...] = ()
    verified: bool = True
    note: str = ""


class TradingDay(msgspec.Struct, frozen=True, kw_only=True):
    """One date of a symbol's venue: what sort of day, and its sessions; none when it is closed."""

    date: date
    kind: DayKind
    holiday: str = ""
    spans: tuple[SessionSpan, ...] = ()
    verified: bool = True


class HoursSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The table of hours in force: when and by what it was made, how far its calendars reach."""

    made: date
    by: str
    calendars: int
    covers_until: date


@word(tool=True)
class GetHours(Request[VenueHours], frozen=True):
    """The sessions of one day at a venue (NYSE, LSE, XTKS, FX, CRYPTO …) or of a symbol's venue.

    A venue beats a symbol of the same letters; `$L` means the symbol. Without `day`: today's.
    """

    of: Annotated[str, Meta(min_length=1, max_length=64)]
    day: date | None = None


@word(tool=True)
class GetSessions(Request[tuple[TradingDay, ...]], frozen=True):
    """The days of a symbol's venue from `start` to `end`, both included, with their sessions.

    At most 366 days.
    """

    symbol: Annotated[str, Meta(min_length=1, max_length=64)]
    start: date
    end: date


@word(tool=True)
class ListVenues(Request[tuple[VenueHours, ...]], frozen=True):
    """Every venue tio knows the hours of, from east to west, and where each stands.

    `spans` are those that meet `start` to `end`, without them the UTC day's; at most eight days.
    """

    start: Moment | None = None
    end: Moment | None = None


@word(role=Role.owner, effect=Effect.write)
class RefreshHours(Request[HoursSheet], frozen=True):
    """Make the table of hours anew with exchange-calendars, where that is installed, and use it."""
