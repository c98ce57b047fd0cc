"""The venues tio tells the hours of, from east to west, and which one a word or symbol means."""

import msgspec

from tio.engine.market.sessions import (
    ALWAYS,
    FUTURES,
    FX,
    OTHER_FUTURES,
    UNKNOWN,
    SessionRules,
    venue_rules,
)
from tio.engine.market.venues import BY_MIC, US, VENUES


class Place(msgspec.Struct, frozen=True):
    """One venue: what it is called, where its clock stands, how it trades."""

    code: str
    name: str
    zone: str
    rules: SessionRules
    aliases: tuple[str, ...] = ()
    note: str = ""
    sure: bool = True
    """Whether these are its own hours, not those of its kind."""


def _place(code: str, name: str, *aliases: str) -> Place:
    venue = VENUES[code]
    spelled = {*(alias for alias in venue.aliases if len(alias) > 2), venue.calendar, *aliases}
    return Place(code, name, venue.zone, venue_rules(venue), tuple(sorted(spelled - {code})))


PLACES: tuple[Place, ...] = (
    _place("ASX", "Australian Securities Exchange"),
    _place("TSE", "Tokyo Stock Exchange", "JPX"),
    _place("HKEX", "Hong Kong Exchanges"),
    _place("SIX", "SIX Swiss Exchange"),
    _place("XETRA", "Xetra, Frankfurt", "FRA"),
    _place("MIL", "Borsa Italiana, Milan"),
    _place("PAR", "Euronext Paris", "EURONEXT"),
    _place("AMS", "Euronext Amsterdam"),
    _place("BRU", "Euronext Brussels"),
    _place("LSE", "London Stock Exchange"),
    _place("LIS", "Euronext Lisbon"),
    Place("NYSE", "New York Stock Exchange", US.zone, venue_rules(US), ("XNYS", "US", "ARCA")),
    Place("NASDAQ", "Nasdaq", US.zone, venue_rules(US), ("XNAS",)),
    _place("TSX", "Toronto Stock Exchange"),
    Place("CME", "CME Globex, equity futures", "America/Chicago", FUTURES, ("CMES", "GLOBEX")),
    Place(
        "FX",
        "currencies, New York's week",
        "America/New_York",
        FX,
        ("FOREX",),
        "a rule, no exchange's calendar",
    ),
    Place("CRYPTO", "crypto", "UTC", ALWAYS, ("24/7",), "always open; days turn at 00:00 UTC"),
)

_GLOBEX_NOTE = "by CME's rules for the group; its notices around a holiday may say otherwise"
_UNSURE = (
    Place(
        "FUTURES",
        "futures of another kind",
        "America/Chicago",
        OTHER_FUTURES,
        (),
        "its own hours and holidays are not known here: told is the week of most futures",
        sure=False,
    ),
    Place(
        "?",
        "an exchange whose hours are not known here",
        "UTC",
        UNKNOWN,
        (),
        "its hours are not known here: told as open all the time, days turn at 00:00 UTC",
        sure=False,
    ),
)
SIMULATOR = Place("SIM", "the simulator", "UTC", ALWAYS, (), "simulated, always open")

_BY_NAME = {name: place for place in PLACES for name in (place.code, *place.aliases)}


def place_of(text: str) -> Place | None:
    """The venue a word names, whatever its letters' case; an exchange not listed by its MIC."""
    name = text.strip().upper()
    found = _BY_NAME.get(name)
    if found is None and name in BY_MIC:
        return place_with(venue_rules(BY_MIC[name]))
    return found


def place_with(rules: SessionRules) -> Place | None:
    """The first venue that trades by these rules, or by their calendar."""
    same = (place for place in (*PLACES, *_UNSURE) if place.rules is rules)
    _, _, group = rules.calendar.partition("/")
    if group:
        return Place("CME", f"CME Globex, {group}", "America/Chicago", rules, (), _GLOBEX_NOTE)
    alike = (place for place in PLACES if rules.calendar and place.rules.calendar == rules.calendar)
    found = next(same, None) or next(alike, None)
    if found is None and rules.calendar in BY_MIC:
        venue = BY_MIC[rules.calendar]
        return Place(venue.calendar, venue.zone.rpartition("/")[2], venue.zone, rules)
    return found
