import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tio.api.errors import Broken, Conflict
from tio.engine.hours.refreshing import Maker, refresh
from tio.engine.hours.table import SHIPPED, in_force, read
from tio.engine.jobs import Progress


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    yield
    in_force.prefer(None)


def told(done: float | None, doing: str) -> None:
    """Nobody listens."""


def maker(**changes: Any) -> Maker:
    async def make(file: Path) -> None:
        sheet = json.loads(SHIPPED.read_text("utf-8"))
        sheet["calendars"]["XNYS"] |= changes
        file.write_text(json.dumps({**sheet, "made": "2990-01-01"}), "utf-8")

    return make


async def test_a_table_made_anew_is_kept_and_in_force(tmp_path: Path) -> None:
    file = tmp_path / "hours.json"
    table = await refresh(file, maker(last="2031-01-01"))(Progress(told))
    assert in_force() is table
    assert read(file).calendar("XNYS").last.year == 2031
    assert [each.name for each in tmp_path.iterdir()] == ["hours.json"]


@pytest.mark.parametrize("changes", [{"last": "2020-01-01"}, {"first": "2020-01-01"}])
async def test_a_table_that_reaches_less_far_is_refused(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    before = in_force()
    with pytest.raises(Broken, match="XNYS covers"):
        await refresh(tmp_path / "hours.json", maker(**changes))(Progress(told))
    assert in_force() is before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    importlib.util.find_spec("exchange_calendars") is not None,
    reason="exchange-calendars is installed here",
)
async def test_without_the_package_one_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="exchange-calendars is not installed") as caught:
        await refresh(tmp_path / "hours.json")(Progress(told))
    assert "pip install exchange-calendars" in caught.value.next


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("exchange_calendars") is None,
    reason="exchange-calendars is not installed",
)
async def test_the_package_makes_the_table_that_is_shipped(tmp_path: Path) -> None:
    table = await refresh(tmp_path / "hours.json")(Progress(told))
    shipped = read(SHIPPED)
    for code in shipped.codes:
        was, made = shipped.calendar(code), table.calendar(code)
        on, end = was.first, min(was.last, made.last)
        while on <= end:
            assert made.hours(on) == was.hours(on), (code, on)
            on = type(on).fromordinal(on.toordinal() + 1)
