"""What holidays are called, as far as exchange-calendars tells it."""

import importlib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

FESTIVALS = {
    "chinese_lunar_new_year_dates": ("Lunar New Year", range(4)),
    "qingming_festival_dates": ("Ching Ming Festival", range(3)),
    "chinese_buddhas_birthday_dates": ("Buddha's Birthday", range(3)),
    "dragon_boat_festival_dates": ("Dragon Boat Festival", range(3)),
    "mid_autumn_festival_dates": ("Mid-Autumn Festival", range(3)),
    "double_ninth_festival_dates": ("Chung Yeung Festival", range(3)),
}
"""Hong Kong keeps these on the day itself, the next one, or when that is a Sunday the one after."""
EQUINOXES = {
    "VernalEquinoxes": "Vernal Equinox Day",
    "AutumnalEquinoxes": "Autumnal Equinox Day",
    "CitizensHolidaySilverWeek": "Citizen's Holiday",
}


def names_of(code: str, calendar: Any, first: date, last: date) -> dict[date, str]:
    """The names of exceptions by date; many an exception that came once has none."""
    names: dict[date, str] = {}
    if code == "XHKG":
        names |= _festivals()
    if code == "XTKS":
        names |= _equinoxes()
    rules = [calendar.regular_holidays]
    rules += [holidays for _, holidays in (*calendar.special_opens, *calendar.special_closes)]
    for holidays in reversed(rules):
        if getattr(holidays, "rules", ()):
            named = holidays.holidays(str(first), str(last), return_name=True)
            names |= {on.date(): _plain(str(name)) for on, name in named.items()}
    return names


def _festivals() -> dict[date, str]:
    moons = importlib.import_module("exchange_calendars.lunisolar_holidays")
    found: dict[date, str] = {}
    for attribute, (name, days) in FESTIVALS.items():
        for on in _dates(getattr(moons, attribute)):
            found |= {on + timedelta(days=day): name for day in days}
    eves = (on - timedelta(days=1) for on in _dates(moons.chinese_lunar_new_year_dates))
    return found | dict.fromkeys(eves, "Lunar New Year's Eve")


def _equinoxes() -> dict[date, str]:
    tokyo = importlib.import_module("exchange_calendars.xtks_holidays")
    return {on: name for each, name in EQUINOXES.items() for on in _dates(getattr(tokyo, each))}


def _dates(stamps: Any) -> Iterator[date]:
    for stamp in stamps:
        yield stamp.date()


def _plain(name: str) -> str:
    """A holiday's name without the years its rule was split by."""
    name = re.sub(r" ?\(.*\)", "", name).replace("Heakth", "Health")
    if "Before Independence Day" in name:
        return "day before Independence Day"
    if "after Independence Day" in name:
        return "day after Independence Day"
    if name.startswith("Weekend "):
        return f"{name.removeprefix('Weekend ')}, observed"
    return name.removesuffix(" Early Close")
