"""Make the table of hours from exchange-calendars, which need not be installed to run tio.

`python -m tio.engine.hours.generating FILE` writes it: of each calendar its usual hours and, as
exceptions to them, the days without trading and those of other hours, each under its name.
"""

import importlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tio.engine.hours.naming import names_of

CALENDARS = tuple("XNYS XLON XETR XPAR XAMS XBRU XLIS XMIL XSWX XTKS XHKG XASX XTSE CMES".split())
ELSEWHERE = tuple(
    "XMAD XSTO XHEL XCSE XOSL XWBO XWAR XPRA XDUB XIST XSHG XTAI XKRX XSES XIDX XBKK XKLS XBOM "
    "XNZE BVMF XMEX XBUE XJSE".split()
)
"""Exchanges that sources name and no screen lists."""
FIRST, FIRST_ELSEWHERE = date(1990, 1, 1), date(2015, 1, 1)

Hours = tuple[int, ...]
"""Opening and closing in turn, as minutes after the midnight that begins the session's date."""


def make() -> dict[str, Any]:
    """The table of all calendars, to a year from today where that is known already."""
    from importlib.metadata import version

    package = importlib.import_module("exchange_calendars")
    calendars = {code: _calendar(package, code, FIRST) for code in CALENDARS}
    calendars |= {code: _calendar(package, code, FIRST_ELSEWHERE) for code in ELSEWHERE}
    _add_juneteenth(calendars)
    return {
        "made": datetime.now(UTC).date().isoformat(),
        "by": f"exchange-calendars {version('exchange-calendars')}",
        "calendars": calendars,
    }


def write(table: dict[str, Any], file: Path) -> None:
    """One line a name, so that two tables can be compared by eye."""
    file.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _calendar(package: Any, code: str, begin: date) -> dict[str, Any]:
    earliest = package.get_calendar(code).bound_min()
    first = max(begin, earliest.date()) if earliest is not None else begin
    calendar = package.get_calendar(code, start=str(first))
    last = calendar.last_session.date()
    kept = _kept(calendar)
    eras = _eras(calendar, kept, first, last)
    names = names_of(code, calendar, first, last)
    closed: dict[str, list[str]] = defaultdict(list)
    other: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for begins, ends, usual in eras:
        for on in _days(begins, ends):
            hours = kept.get(on)
            if hours == (usual if on.weekday() < 5 else None):
                continue
            name = names.get(on, "")
            if hours is None:
                closed[name].append(f"{on:%Y%m%d}")
            else:
                other[_text(hours)][name].append(f"{on:%Y%m%d}")
    return {
        "zone": str(calendar.tz),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "usual": {begins.isoformat(): _text(usual) for begins, _, usual in eras},
        "closed": {name: " ".join(closed[name]) for name in sorted(closed)},
        "other": {
            hours: {name: " ".join(other[hours][name]) for name in sorted(other[hours])}
            for hours in sorted(other)
        },
    }


def _add_juneteenth(calendars: dict[str, Any]) -> None:
    """CME's half day of Juneteenth, which 4.13.2 lacks and its own later sources have."""
    name, half_day = "Juneteenth National Independence Day", "-420 720"
    named = calendars["CMES"]["other"][half_day]
    named.setdefault(name, calendars["XNYS"]["closed"][name])
    calendars["CMES"]["other"][half_day] = dict(sorted(named.items()))


def _kept(calendar: Any) -> dict[date, Hours]:
    """The hours each session kept."""
    zone = ZoneInfo(str(calendar.tz))
    kept = {}
    for row in calendar.schedule.itertuples():
        on = row.Index.date()
        moments = (row.open, row.break_start, row.break_end, row.close)
        told = [moment.to_pydatetime() for moment in moments if moment == moment]
        kept[on] = tuple(_minutes(moment, on, zone) for moment in told)
    return kept


def _minutes(moment: datetime, on: date, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return (local.date() - on).days * 1_440 + local.hour * 60 + local.minute


def _eras(
    calendar: Any, kept: dict[date, Hours], first: date, last: date
) -> list[tuple[date, date, Hours]]:
    """From when until when which hours were usual: a calendar says when it changed any."""
    columns = ("open_times", "close_times", "break_start_times", "break_end_times")
    changes = {
        since.date()
        for column in columns
        for since, _ in getattr(calendar, column) or ()
        if since is not None and first < since.date() <= last
    }
    eras = []
    for begins, after in pairwise((first, *sorted(changes), last + timedelta(days=1))):
        counted = Counter(hours for on, hours in kept.items() if begins <= on < after)
        eras.append((begins, after - timedelta(days=1), counted.most_common(1)[0][0]))
    return eras


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _text(hours: Hours) -> str:
    return " ".join(map(str, hours))


if __name__ == "__main__":
    write(make(), Path(sys.argv[1]))
