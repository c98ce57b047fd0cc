"""Venues that a symbol's suffix may name: currency, calendar, extended hours, other spellings."""

import msgspec


class Venue(msgspec.Struct, frozen=True):
    """A venue's regular hours and holidays are its `calendar`'s, a MIC in the table of hours.

    `early` is when trading before them begins, `late` when trading after them ends: local minutes
    after midnight, None where there is none. On a half day the evening moves with the close.
    """

    code: str
    zone: str
    currency: str
    calendar: str
    early: int | None = None
    late: int | None = None
    aliases: tuple[str, ...] = ()


def _at(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _venue(
    code: str, zone: str, currency: str, calendar: str, *aliases: str, extended: str = ""
) -> Venue:
    early, late = (_at(side) for side in extended.split("-")) if extended else (None, None)
    return Venue(code, zone, currency, calendar, early, late, aliases)


US = _venue("US", "America/New_York", "USD", "XNYS", extended="4:00-20:00")

VENUES: dict[str, Venue] = {
    venue.code: venue
    for venue in (
        US,
        _venue("LSE", "Europe/London", "GBP", "XLON", "L", extended="5:05-17:15"),
        _venue("XETRA", "Europe/Berlin", "EUR", "XETR", "DE", "XETR"),
        _venue("PAR", "Europe/Paris", "EUR", "XPAR", "PA", "XPAR"),
        _venue("AMS", "Europe/Amsterdam", "EUR", "XAMS", "AS", "XAMS"),
        _venue("BRU", "Europe/Brussels", "EUR", "XBRU", "BR", "XBRU"),
        _venue("LIS", "Europe/Lisbon", "EUR", "XLIS", "LS", "XLIS"),
        _venue("MIL", "Europe/Rome", "EUR", "XMIL", "MI", "XMIL"),
        _venue("SIX", "Europe/Zurich", "CHF", "XSWX", "SW", "XSWX"),
        _venue("TSE", "Asia/Tokyo", "JPY", "XTKS", "T", "XTKS"),
        _venue("HKEX", "Asia/Hong_Kong", "HKD", "XHKG", "HK", "XHKG"),
        _venue("ASX", "Australia/Sydney", "AUD", "XASX", "AX", "XASX"),
        _venue("TSX", "America/Toronto", "CAD", "XTSE", "TO", "XTSE"),
    )
}

_ELSEWHERE = """
XMAD Europe/Madrid  XSTO Europe/Stockholm  XHEL Europe/Helsinki  XCSE Europe/Copenhagen
XOSL Europe/Oslo  XWBO Europe/Vienna  XWAR Europe/Warsaw  XPRA Europe/Prague  XDUB Europe/Dublin
XIST Europe/Istanbul  XSHG Asia/Shanghai  XTAI Asia/Taipei  XKRX Asia/Seoul  XSES Asia/Singapore
XIDX Asia/Jakarta  XBKK Asia/Bangkok  XKLS Asia/Kuala_Lumpur  XBOM Asia/Kolkata
XNZE Pacific/Auckland  BVMF America/Sao_Paulo  XMEX America/Mexico_City
XBUE America/Argentina/Buenos_Aires  XJSE Africa/Johannesburg
""".split()
_SAME_HOURS = {
    "XNAS": "XNYS", "ARCX": "XNYS", "XASE": "XNYS", "BATS": "XNYS", "XSHE": "XSHG", "XKOS": "XKRX",
    "XNSE": "XBOM", "XTSX": "XTSE", "XCNQ": "XTSE", "NEOE": "XTSE",
}  # fmt: skip

BY_MIC: dict[str, Venue] = {venue.calendar: venue for venue in VENUES.values()}
"""Exchanges by ISO 10383: those a suffix names, and those of which only the hours are known."""
for _mic, _zone in zip(_ELSEWHERE[::2], _ELSEWHERE[1::2], strict=True):
    BY_MIC[_mic] = _venue(_mic, _zone, "", _mic)
BY_MIC |= {mic: BY_MIC[same] for mic, same in _SAME_HOURS.items()}

SUFFIXES: dict[str, str] = {
    alias: venue.code for venue in VENUES.values() for alias in (venue.code, *venue.aliases)
} | {"XLON": "LSE"}
"""A suffix as anybody spells it → the venue's code. `US` names no suffix of its own."""
del SUFFIXES["US"]
