"""The sessions of days as one line of time, and where a moment stands on it.

Instants are int64 microseconds since 1970 UTC.
"""

from collections.abc import Iterator

import msgspec

from tio.api.market import Session
from tio.engine.market.sessions import DAY, Day, SessionRules

AHEAD = 21 * DAY
"""How far a change is looked for: the longest closing since 1990 were ten days in Tokyo."""


class Stretch(msgspec.Struct, frozen=True):
    """One session, without interruption, in [opens, closes)."""

    session: Session
    opens: int
    closes: int


class Standing(msgspec.Struct, frozen=True):
    """The session of a moment, when it ends and what follows; None where nothing is in sight."""

    session: Session
    until: int | None
    then: Session | None
    next_open: int | None
    next_close: int | None


def stretches_of(day: Day) -> Iterator[Stretch]:
    """The sessions of one day in order; nothing where there is no trading."""
    if not day.regular:
        return
    opens, closes = day.regular[0][0], day.regular[-1][1]
    if day.early < opens:
        yield Stretch(Session.pre, day.early, opens)
    for span in day.regular:
        yield Stretch(Session.regular, *span)
    if closes < day.late:
        yield Stretch(Session.post, closes, day.late)


def stretches(rules: SessionRules, start: int, end: int) -> Iterator[Stretch]:
    """The sessions that meet [start, end), those that follow without a break as one."""
    held: Stretch | None = None
    at = start
    while at < end:
        day = rules.day(at)
        for each in stretches_of(day):
            if held is not None and (held.session, held.closes) == (each.session, each.opens):
                held = Stretch(held.session, held.opens, each.closes)
                continue
            if held is not None and held.closes > start:
                yield held
            if each.opens >= end:
                return
            held = each
        at = day.end
    if held is not None and held.closes > start:
        yield held


def standing(rules: SessionRules, at: int) -> Standing:
    """Where a moment stands; a session that lasts as far as one looks has no end."""
    coming = [each for each in _enough(rules, at) if each.closes < at + AHEAD - DAY]
    first = coming[0] if coming else None
    opening = next((e.opens for e in coming if e.session is Session.regular and e.opens > at), None)
    closing = next((e.closes for e in coming if e.session is Session.regular), None)
    session = rules.session(at)
    if first is None:
        return Standing(session, None, None, opening, closing)
    if first.opens > at:
        return Standing(session, first.opens, first.session, opening, closing)
    after = coming[1] if len(coming) > 1 and coming[1].opens == first.closes else None
    then = after.session if after else Session.closed
    return Standing(session, first.closes, then, opening, closing)


def _enough(rules: SessionRules, at: int) -> Iterator[Stretch]:
    """What comes up to the second opening, which is all that is asked of it."""
    openings = 0
    for each in stretches(rules, at, at + AHEAD):
        yield each
        openings += each.session is Session.regular and each.opens > at
        if openings == 2:
            return
