"""What every engine promises of a brief, in process and over the socket."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from both_engines import DOORS, running, through

from tio.api.analyst import Brief, Depth, Workflow
from tio.api.contract import Engine
from tio.api.errors import Invalid, NotFound
from tio.engine.local import LocalEngine

AT = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running(portfolio=True) as made:
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


async def test_a_full_brief_has_every_section_and_says_it_is_simulated(engine: Engine) -> None:
    report = await engine.ask(Brief("SIM:ACME", Depth.full))
    names = [each.name for each in report.sections]
    assert names[:3] == ["trend", "levels", "session"]
    assert {"volatility", "volume", "position", "orders", "trades", "ideas"} <= {*names}
    assert (report.made_by, report.marks[0]) == ("rules", "SIM")
    assert report.levels
    assert report.view is not None
    assert -2 <= report.view.bias <= 2
    figures = [each for part in report.sections for told in part.lines for each in told.figures]
    assert all(each.call and each.value and each.as_of for each in figures)
    assert (report.workflow, report.title) == (Workflow.brief, "Brief on SIM:ACME")


async def test_a_past_brief_is_bounded_and_says_what_it_leaves_out(engine: Engine) -> None:
    report = await engine.ask(Brief("SIM:ACME", Depth.full, AT))
    assert report.as_of == AT
    told = [each.name for each in report.sections]
    assert told == ["trend", "levels", "session", "volatility", "volume", "position"]
    assert {"ahead", "orders", "trades", "ideas"} == {each.name for each in report.unwritten}
    figures = [each for part in report.sections for told in part.lines for each in told.figures]
    assert all(each.as_of is not None and each.as_of <= AT for each in figures)
    assert report == await engine.ask(Brief("SIM:ACME", Depth.full, AT))


async def test_mistakes_are_told_in_a_sentence(engine: Engine) -> None:
    with pytest.raises(NotFound):
        await engine.ask(Brief("NOSUCHTHING"))
    with pytest.raises(Invalid, match="past moment"):
        await engine.ask(Brief("SIM:ACME", at=AT + timedelta(days=900)))
