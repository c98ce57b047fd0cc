import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tio.api.errors import Broken, NotFound
from tio.engine.hours.generating import CALENDARS, ELSEWHERE
from tio.engine.hours.table import SHIPPED, Calendar, HoursTable, in_force, read
from tio.engine.market.venues import BY_MIC

ROW = {
    "zone": "America/New_York",
    "first": "2020-01-01",
    "last": "2026-12-31",
    "usual": {"2020-01-01": "540 690 750 900", "2024-11-05": "570 960"},
    "closed": {"Christmas": "20201225 20251225", "": "20250109"},
    "other": {"570 780": {"Black Friday": "20251128"}, "600 700": {"a Saturday": "20250607"}},
}


def table(**row: Any) -> HoursTable:
    sheet = {"made": "2026-01-01", "by": "a test", "calendars": {"XNYS": {**ROW, **row}}}
    return HoursTable(json.dumps(sheet).encode())


def calendar(**row: Any) -> Calendar:
    return table(**row).calendar("XNYS")


def test_a_date_has_its_eras_hours_or_its_own() -> None:
    known = calendar()
    assert known.hours(date(2024, 11, 4)) == ((540, 690), (750, 900))
    assert known.hours(date(2024, 11, 5)) == ((570, 960),)
    assert known.hours(date(2025, 12, 25)) == ()
    assert known.hours(date(2025, 11, 28)) == ((570, 780),)
    assert known.hours(date(2025, 6, 7)) == ((600, 700),)
    assert known.hours(date(2025, 6, 8)) == ()


def test_exceptions_have_their_names_and_an_order() -> None:
    known = calendar()
    found = known.next_exception(date(2025, 6, 7))
    assert found is not None
    assert (found.on, found.name, found.hours) == (
        date(2025, 11, 28),
        "Black Friday",
        ((570, 780),),
    )
    assert known.next_exception(date(2025, 12, 25)) is None
    unnamed = known.exception(date(2025, 1, 9))
    assert unnamed is not None
    assert unnamed.name == ""


def test_beyond_its_ends_only_weekends_are_known_and_it_is_said() -> None:
    known = calendar()
    assert not known.verified(date(2019, 12, 31))
    assert known.verified(date(2026, 12, 31))
    assert not known.verified(date(2027, 1, 1))
    assert known.hours(date(2027, 12, 25)) == ()  # a Saturday
    assert known.hours(date(2028, 12, 25)) == ((570, 960),)
    assert known.hours(date(2019, 12, 25)) == ((540, 690), (750, 900))


@pytest.mark.parametrize(
    "row",
    [
        {"zone": "Nowhere/Land"},
        {"usual": {}},
        {"usual": {"2020-01-01": "570"}},
        {"usual": {"2020-01-01": "570 560"}},
        {"usual": {"2020-01-01": "0 3000"}},
        {"usual": {"2020-01-01": "-2000 60"}},
        {"closed": {"Christmas": "tomorrow"}},
        {"holidays": {}},
    ],
)
def test_a_damaged_row_is_refused_with_its_name(row: dict[str, Any]) -> None:
    with pytest.raises(Broken, match="XNYS"):
        calendar(**row)


def test_an_unknown_calendar_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="XPHS"):
        table().calendar("XPHS")
    with pytest.raises(Broken, match="cannot be read"):
        HoursTable(b"<html>")
    with pytest.raises(Broken, match=r"gone\.json"):
        read(tmp_path / "gone.json")


def test_the_shipped_table_has_every_calendar_and_reaches_a_year_ahead() -> None:
    shipped = read(SHIPPED)
    assert set(CALENDARS + ELSEWHERE) == set(shipped.codes)
    for code in shipped.codes:
        known = shipped.calendar(code)
        assert known.first <= (date(1997, 1, 1) if code in CALENDARS else date(2015, 1, 1))
        assert (known.last - shipped.made).days >= (360 if code in CALENDARS else 30), code
        assert BY_MIC.get(code, BY_MIC["XNYS"]).zone == known.zone.key or code == "CMES"
    assert {venue.calendar for venue in BY_MIC.values()} <= set(shipped.codes)
    assert SHIPPED.stat().st_size < 120_000


def test_a_name_from_a_file_is_cleaned() -> None:
    known = calendar(closed={"\x1b]0;owned\x07Christmas": "20251225"})
    found = known.exception(date(2025, 12, 25))
    assert found is not None
    assert "\x1b" not in found.name


def test_a_refreshed_table_is_preferred_unless_the_shipped_one_is_newer(tmp_path: Path) -> None:
    sheet = json.loads(SHIPPED.read_text("utf-8"))
    file = tmp_path / "hours.json"
    try:
        for made, preferred in (("2990-01-01", True), ("1990-01-01", False)):
            file.write_text(json.dumps({**sheet, "made": made}), "utf-8")
            in_force.prefer(file)
            assert (in_force().made.isoformat() == made) is preferred
        file.write_text("{", "utf-8")
        in_force.prefer(file)
        assert in_force().made == read(SHIPPED).made
    finally:
        in_force.prefer(None)
