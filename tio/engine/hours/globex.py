"""Which hours the futures of CME Globex keep, by the root of their symbol.

The table of hours has the calendar of CME's equity futures. The other groups are told here by what
they do otherwise, after CME's published contract specifications and holiday calendars.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

CALENDAR = "CMES"


class Group(msgspec.Struct, frozen=True):
    """Products that trade alike: `usual` hours as the table writes them, "" for the equities'.

    `unusual`: name of a holiday → the hours then, "" for none, "usual" where it is none, from
    `since` on. Before that, and on days it does not name, the group does as the equities do.
    """

    name: str
    roots: frozenset[str]
    usual: str = ""
    unusual: Mapping[str, str] = {}
    since: date = date(1990, 1, 1)


_US_HOLIDAYS = (
    "Dr. Martin Luther King Jr. Day",
    "Washington's Birthday",
    "Memorial Day",
    "Juneteenth National Independence Day",
    "July 4th",
    "Labor Day",
    "Thanksgiving Day",
)
_LONGER = date(2022, 1, 1)
"""Until then all groups but the farms' ended at noon on these days."""
_EVES = ("Black Friday", "Christmas Eve")
_HARD = dict.fromkeys(_US_HOLIDAYS, "-420 810") | dict.fromkeys(_EVES, "-420 765")
_QUARTER_PAST = dict.fromkeys(_EVES, "-420 735")
_CURRENCIES = dict.fromkeys(_US_HOLIDAYS, "usual") | _QUARTER_PAST
_REST = dict.fromkeys(_US_HOLIDAYS, "")
_GRAINS = _REST | {"Black Friday": "510 725", "Christmas Eve": "-300 465 510 725"}
_LIVESTOCK = _REST | dict.fromkeys(_EVES, "510 725")


def _roots(text: str) -> frozenset[str]:
    return frozenset(text.split())


GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        Group("equity", _roots("ES NQ YM RTY EMD NKD NIY MES MNQ MYM M2K")),
        Group("energy", _roots("CL NG HO RB BZ MCL MNG QM QG QH QU"), "", _HARD, _LONGER),
        Group("metals", _roots("GC SI HG PL PA ALI MGC SIL MHG QO QI QC"), "", _HARD, _LONGER),
        Group("grains", _roots("ZC ZW ZS ZM ZL ZO KE"), "-300 465 510 800", _GRAINS),
        Group("livestock", _roots("LE GF HE"), "510 785", _LIVESTOCK),
        Group(
            "rates",
            _roots("ZT ZF ZN TN ZB UB TWE ZQ SR1 SR3 2YY 5YY 10Y 30Y"),
            "",
            _QUARTER_PAST,
        ),
        Group(
            "currencies",
            _roots("6A 6B 6C 6E 6J 6L 6M 6N 6R 6S 6Z E7 J7 M6A M6B M6E"),
            "",
            _CURRENCIES,
            _LONGER,
        ),
    )
}
_OF_ROOT = {root: group for group in GROUPS.values() for root in group.roots}


def group_of(symbol: str) -> Group | None:
    """The group of a future as `GC=F`; None of one that is not known to trade on Globex."""
    return _OF_ROOT.get(symbol.removesuffix("=F"))
