"""What every engine promises of the workflows' reports, in process and over the socket."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from both_engines import DOORS, running, through

from tio.api.access import Principal
from tio.api.analyst import (
    Brief,
    CheckIdea,
    Compare,
    ExplainMove,
    MorningBrief,
    ReviewJournal,
    ReviewPortfolio,
    ReviewRisk,
    Workflow,
)
from tio.api.contract import Engine, Role
from tio.api.errors import NotFound
from tio.api.ideas import SaveIdea
from tio.api.ledger import AddTransaction, GetPositions, ListPortfolios
from tio.api.market import Side
from tio.api.portfolio import TransactionKind
from tio.api.report_text import report_markdown
from tio.api.risk import GetCorrelation
from tio.api.watchlists import SaveWatchlist
from tio.engine.local import LocalEngine

AT = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
PAIR = ("SIM:ACME", "SIM:MARKET")


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running(portfolio=True, symbols=24) as made:
        await made.session().ask(SaveWatchlist("main", (*PAIR, "SIM:OIL")))
        await made.session().ask(ListPortfolios())
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


async def test_a_comparison_tells_the_correlation_the_risk_words_tell(engine: Engine) -> None:
    report = await engine.ask(Compare(PAIR))
    assert (report.workflow, report.about, report.view) == (
        Workflow.compare,
        "SIM:ACME, SIM:MARKET",
        None,
    )
    cited = next(
        each
        for part in report.sections
        for told in part.lines
        for each in told.figures
        if each.path == "correlation.SIM:MARKET"
    )
    matrix = await engine.ask(GetCorrelation(PAIR))
    assert float(cited.value) == pytest.approx(matrix.values[0][1])


async def test_reports_tell_the_same_of_one_symbol(engine: Engine) -> None:
    reports = [await engine.ask(Brief(PAIR[0])), await engine.ask(Compare(PAIR))]
    told = [
        float(each.value)
        for report in reports
        for part in report.sections
        for line in part.lines
        for each in line.figures
        if (each.path, each.symbol) == ("1d.rsi", PAIR[0])
    ]
    assert len(told) == 2
    assert told[0] == pytest.approx(told[1], abs=1e-6)


async def test_a_morning_brief_has_a_line_a_symbol(engine: Engine) -> None:
    report = await engine.ask(MorningBrief("main"))
    assert report.sections[0].name == "worth"
    told = " ".join(each.text for each in report.sections[0].lines)
    assert all(symbol in told for symbol in (*PAIR, "SIM:OIL"))
    assert "SIM" in report.marks
    with pytest.raises(NotFound):
        await engine.ask(MorningBrief("no such list"))


async def test_why_it_moved_is_told_of_now_and_of_then(engine: Engine) -> None:
    now = await engine.ask(ExplainMove("SIM:ACME"))
    assert {"size", "market", "volume", "course", "levels"} <= {each.name for each in now.sections}
    then = await engine.ask(ExplainMove("SIM:ACME", at=AT))
    assert "2026-11-18 so far" in then.headline
    figures = [each for part in then.sections for told in part.lines for each in told.figures]
    assert all(each.as_of is not None and each.as_of <= AT for each in figures)
    with pytest.raises(NotFound):
        await engine.ask(ExplainMove("NOSUCHTHING"))


async def test_a_portfolios_review_tells_what_its_positions_tell(engine: Engine) -> None:
    report = await engine.ask(ReviewPortfolio("sample"))
    assert (report.workflow, report.about) == (Workflow.portfolio, "sample")
    held = await engine.ask(GetPositions("sample"))
    cited = {
        each.path: each.value
        for part in report.sections
        for told in part.lines
        for each in told.figures
    }
    assert {f"{each.symbol}.value" for each in held.positions} <= cited.keys()
    assert Decimal(cited["flows"]) == held.flows
    past = await engine.ask(ReviewPortfolio("sample", AT))
    figures = [each for part in past.sections for told in part.lines for each in told.figures]
    assert all(each.as_of is not None and each.as_of <= AT for each in figures)
    with pytest.raises(NotFound):
        await engine.ask(ReviewPortfolio("no such portfolio"))


async def test_risk_and_journal_are_reviewed(engine: Engine) -> None:
    risk = await engine.ask(ReviewRisk("sample"))
    assert {"limits", "tails", "carriers", "stress"} <= {each.name for each in risk.sections}
    journal = await engine.ask(ReviewJournal("sample"))
    assert journal.headline == "sample has closed no trade."
    for asked in (ReviewRisk("nothing"), ReviewJournal("nothing")):
        with pytest.raises(NotFound):
            await engine.ask(asked)


async def test_an_idea_is_checked_with_a_view(engine: Engine, local: LocalEngine) -> None:
    card = await local.session().ask(
        SaveIdea(
            portfolio="sample",
            symbol="SIM:ACME",
            side=Side.buy,
            thesis="it comes back",
            entry=Decimal(134),
            stop=Decimal(131),
            targets=(Decimal(142),),
        )
    )
    report = await engine.ask(CheckIdea(card.id))
    assert (report.workflow, report.about, report.symbol) == (Workflow.idea, card.id, "SIM:ACME")
    assert report.view is not None
    assert {"plan", "trend", "size", "record"} <= {each.name for each in report.sections}
    with pytest.raises(NotFound):
        await engine.ask(CheckIdea("i999"))


@pytest.mark.parametrize("door", DOORS)
async def test_who_may_only_read_may_ask_for_every_report(local: LocalEngine, door: str) -> None:
    async with through(local, door, Principal(role=Role.viewer)) as engine:
        for asked in (Compare(PAIR), MorningBrief("main"), ReviewPortfolio("sample")):
            assert (await engine.ask(asked)).unwritten == ()


async def test_a_report_tells_nobody_what_is_anothers(local: LocalEngine) -> None:
    guest = local.session(Principal(name="guest", role=Role.viewer))
    for asked in (MorningBrief("main"), ReviewPortfolio("sample"), ReviewRisk("sample")):
        with pytest.raises(NotFound):
            await guest.ask(asked)


async def test_what_was_entered_a_moment_ago_is_in_the_next_report(engine: Engine) -> None:
    (portfolio, *_) = await engine.ask(ListPortfolios())
    day = f"{AT:%Y-%m-%d}"

    async def put_in() -> float:
        report = await engine.ask(ReviewPortfolio(portfolio.name))
        figures = [each for part in report.sections for told in part.lines for each in told.figures]
        return next(float(each.value) for each in figures if each.path == "flows")

    before = await put_in()
    kind = TransactionKind.deposit
    await engine.ask(AddTransaction(portfolio.name, kind, day, amount=Decimal(1_000)))
    assert await put_in() == pytest.approx(before + 1_000)

    await engine.ask(MorningBrief("main"))
    await engine.ask(SaveWatchlist("main", ("SIM:GOLD",)))
    report = await engine.ask(MorningBrief("main"))
    assert "SIM:ACME" not in report_markdown(report)
    await engine.ask(SaveWatchlist("main", (*PAIR, "SIM:OIL")))
