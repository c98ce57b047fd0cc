"""Venues that a symbol's suffix may name: zone, currency, hours, and how others spell them."""

import msgspec


class Venue(msgspec.Struct, frozen=True):
    """Local hours as minutes after midnight: `hours` regular spans, `early`..`late` all trading.

    Public holidays are not here; a table of them is asked where `SessionRules` gets one.
    """

    code: str
    zone: str
    currency: str
    hours: tuple[tuple[int, int], ...]
    early: int = 0
    late: int = 0
    aliases: tuple[str, ...] = ()


def _at(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _venue(
    code: str, zone: str, currency: str, hours: str, *aliases: str, extended: str = ""
) -> Venue:
    spans = tuple(tuple(_at(side) for side in span.split("-")) for span in hours.split())
    regular = tuple((span[0], span[1]) for span in spans)
    early, late = (_at(side) for side in extended.split("-")) if extended else (0, 0)
    return Venue(
        code, zone, currency, regular, early or regular[0][0], late or regular[-1][1], aliases
    )


US = _venue("US", "America/New_York", "USD", "9:30-16:00", extended="4:00-20:00")
US_INDEX = _venue("US", "America/New_York", "USD", "9:30-16:00")

VENUES: dict[str, Venue] = {
    venue.code: venue
    for venue in (
        US,
        _venue("LSE", "Europe/London", "GBP", "8:00-16:30", "L", extended="5:05-17:15"),
        _venue("XETRA", "Europe/Berlin", "EUR", "9:00-17:30", "DE", "XETR"),
        _venue("PAR", "Europe/Paris", "EUR", "9:00-17:30", "PA", "XPAR"),
        _venue("AMS", "Europe/Amsterdam", "EUR", "9:00-17:30", "AS", "XAMS"),
        _venue("BRU", "Europe/Brussels", "EUR", "9:00-17:30", "BR", "XBRU"),
        _venue("LIS", "Europe/Lisbon", "EUR", "8:00-16:30", "LS", "XLIS"),
        _venue("MIL", "Europe/Rome", "EUR", "9:00-17:30", "MI", "XMIL"),
        _venue("SIX", "Europe/Zurich", "CHF", "9:00-17:30", "SW", "XSWX"),
        _venue("TSE", "Asia/Tokyo", "JPY", "9:00-11:30 12:30-15:30", "T", "XTKS"),
        _venue("HKEX", "Asia/Hong_Kong", "HKD", "9:30-12:00 13:00-16:00", "HK", "XHKG"),
        _venue("ASX", "Australia/Sydney", "AUD", "10:00-16:00", "AX", "XASX"),
        _venue("TSX", "America/Toronto", "CAD", "9:30-16:00", "TO", "XTSE"),
    )
}

SUFFIXES: dict[str, str] = {
    alias: venue.code for venue in VENUES.values() for alias in (venue.code, *venue.aliases)
} | {"XLON": "LSE"}
"""A suffix as anybody spells it → the venue's code. `US` names no suffix of its own."""
del SUFFIXES["US"]
