"""Reports over recorded prices, line by line as their golden files have them.

The morning after Apple's results of April 2014, on prices as they were told then: not adjusted.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from recorded_days import recorded_engine

from tio.api.analyst import Brief, Compare, Depth, ExplainMove, MorningBrief, Report
from tio.api.contract import Engine, Request
from tio.api.report_text import report_markdown

AT = datetime(2014, 4, 25, 12, 0, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden_recorded"
REPORTS: dict[str, Request[Report]] = {
    "brief-aapl": Brief("AAPL", Depth.full, AT),
    "brief-spy": Brief("SPY", Depth.full, AT),
    "compare": Compare(("AAPL", "SPY", "BAC", "WM"), Depth.full, AT),
    "why-aapl": ExplainMove("AAPL", date(2014, 4, 24), at=AT),
    "why-spy": ExplainMove("SPY", date(2014, 4, 7), date(2014, 4, 11), AT),
    "morning": MorningBrief("main", AT),
}


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    async with recorded_engine(tmp_path) as opened:
        yield opened


async def test_reports_on_recorded_prices_read_as_their_golden_files(
    engine: Engine, request: Any
) -> None:
    for name, word in REPORTS.items():
        told = report_markdown(await engine.ask(word))
        file = GOLDEN / f"{name}.md"
        if request.config.getoption("update_snapshots", default=False):
            GOLDEN.mkdir(exist_ok=True)
            file.write_text(told, encoding="utf-8")
        assert told == file.read_text(encoding="utf-8"), name


async def test_what_is_told_of_recorded_prices_is_what_they_were(engine: Engine) -> None:
    report = await engine.ask(REPORTS["why-aapl"])
    figures = {
        each.path: float(each.value) for each in report.sections[0].lines[0].figures
    }  # 524.75 and 567.77 in the file
    assert figures["before"] == pytest.approx(524.75)
    assert figures["price"] == pytest.approx(567.77)
    assert figures["move"] == pytest.approx(100 * (567.77 / 524.75 - 1))
    assert "nothing known explains" in report.headline or "rose" in report.headline
