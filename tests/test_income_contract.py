"""What every engine promises of income and proposals, in this process and across the socket."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from both_engines import DOORS, running, through

from tio.api.companies import CorporateEvent, EventKind
from tio.api.contract import Engine
from tio.api.errors import Invalid, NotFound
from tio.api.explained import ExplainFigure
from tio.api.income import GetIncome
from tio.api.ledger import (
    AddTransaction,
    CreatePortfolio,
    GetLots,
    GetPositions,
    ListTransactions,
    UndoTransaction,
)
from tio.api.portfolio import TransactionKind
from tio.api.proposals import ConfirmProposals, DismissProposals, ListProposals
from tio.engine.local import LocalEngine
from tio.engine.market.companies import Companies

KIND = TransactionKind
D = Decimal
EVENTS = {
    "SIM:ACME": (
        CorporateEvent(
            symbol="SIM:ACME",
            kind=EventKind.dividend,
            ex_date=date(2026, 11, 6),
            pay_date=date(2026, 11, 13),
            amount=0.5,
            currency="USD",
            source="fake",
        ),
        CorporateEvent(
            symbol="SIM:ACME",
            kind=EventKind.share_split,
            ex_date=date(2026, 11, 10),
            ratio=2.0,
            source="fake",
        ),
        CorporateEvent(
            symbol="SIM:ACME",
            kind=EventKind.dividend,
            ex_date=date(2026, 12, 6),
            amount=0.25,
            currency="USD",
            source="fake",
        ),
    )
}
DIVIDEND, SPLIT = "dividend:SIM:ACME:2026-11-06", "split:SIM:ACME:2026-11-10"


@pytest.fixture
async def local(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalEngine]:
    async def told(_: Companies, symbol: str) -> tuple[CorporateEvent, ...] | None:
        return EVENTS.get(symbol)

    monkeypatch.setattr(Companies, "events", told)
    async with running(symbols=6) as made:
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        await opened.ask(CreatePortfolio("main", "USD"))
        await add(opened, KIND.deposit, "2026-11-01", amount=D(10_000))
        await add(opened, KIND.buy, "2026-11-03", symbol="ACME", quantity=D(10), price=D(100))
        yield opened


async def add(engine: Engine, kind: TransactionKind, date: str, **terms: Any) -> None:
    await engine.ask(AddTransaction("main", kind, date, **terms))


async def test_events_of_what_is_held_are_proposed_and_confirmed_as_one_change(
    engine: Engine,
) -> None:
    told = await engine.ask(ListProposals("main"))
    assert [each.id for each in told.proposals] == [DIVIDEND, SPLIT]
    assert told.proposals[0].value == 5
    before = await engine.ask(ListTransactions("main")), await engine.ask(GetLots("main"))
    change = await engine.ask(ConfirmProposals("main", (DIVIDEND, SPLIT)))
    assert change.entries == 2
    (lot,) = await engine.ask(GetLots("main"))
    assert (lot.quantity, lot.cost) == (D(20), D(1000))
    assert (await engine.ask(GetPositions("main"))).income == 5
    assert (await engine.ask(ListProposals("main"))).proposals == ()
    await engine.ask(UndoTransaction("main"))
    assert (await engine.ask(ListTransactions("main")), await engine.ask(GetLots("main"))) == before
    assert len((await engine.ask(ListProposals("main"))).proposals) == 2


async def test_what_is_confirmed_never_comes_twice(engine: Engine) -> None:
    first = await engine.ask(ConfirmProposals("main", (DIVIDEND,)), key="k")
    assert await engine.ask(ConfirmProposals("main", (DIVIDEND,)), key="k") == first
    with pytest.raises(NotFound, match="nothing is proposed as"):
        await engine.ask(ConfirmProposals("main", (DIVIDEND,)))
    entries = await engine.ask(ListTransactions("main"))
    assert len(entries) == 3
    with pytest.raises(Invalid):
        await engine.ask(ConfirmProposals("main", ()))


async def test_what_is_dismissed_stays_away_until_it_is_restored(engine: Engine) -> None:
    told = await engine.ask(DismissProposals("main", (SPLIT,)))
    assert [each.id for each in told.proposals] == [DIVIDEND]
    again = await engine.ask(ListProposals("main"))
    assert [each.id for each in again.dismissed] == [SPLIT]
    back = await engine.ask(DismissProposals("main", (SPLIT,), restore=True))
    assert len(back.proposals) == 2


async def test_a_brokers_row_takes_the_proposal_away_and_beside_a_confirmed_one_is_a_double(
    engine: Engine,
) -> None:
    await engine.ask(ConfirmProposals("main", (DIVIDEND,)))
    await add(engine, KIND.dividend, "2026-11-13", symbol="ACME", amount=D(5), tax=D("0.75"))
    (double,) = (await engine.ask(ListProposals("main"))).doubles
    assert (double.entry, double.other) == ("3", "4")
    await engine.ask(UndoTransaction("main", 3))
    told = await engine.ask(ListProposals("main"))
    assert ([each.id for each in told.proposals], told.doubles) == ([SPLIT], ())


async def test_income_adds_up_and_tells_what_is_to_come(engine: Engine) -> None:
    await engine.ask(ConfirmProposals("main", (DIVIDEND, SPLIT)))
    await add(engine, KIND.interest, "2026-11-15", amount=D(2), tax=D("0.5"))
    told = await engine.ask(GetIncome("main"))
    assert (told.received.gross, told.received.taxes, told.received.net) == (
        D(7),
        D("0.5"),
        D("6.5"),
    )
    assert [each.symbol for each in told.symbols] == ["SIM:ACME", ""]
    assert told.symbols[0].yield_on_cost == pytest.approx(0.005)
    assert told.received.gross == (await engine.ask(ExplainFigure("main", "income"))).value
    announced = [each for each in told.expected if not each.estimated]
    assert [(each.quantity, each.amount) for each in announced] == [(D(20), D(5))]
    estimated = [each for each in told.expected if each.estimated]
    assert [(each.per_share, each.amount) for each in estimated] == [(D("0.25"), D(5))]
    assert len(told.ahead) >= 12
    with pytest.raises(Invalid, match="is after end"):
        await engine.ask(GetIncome("main", date(2027, 1, 1), date(2026, 1, 1)))


async def test_of_what_no_source_tells_it_says_so(engine: Engine) -> None:
    await add(engine, KIND.buy, "2026-11-03", symbol="NOVA", quantity=D(1), price=D(100))
    assert (await engine.ask(ListProposals("main"))).untold == ("SIM:NOVA",)
    (lack,) = (await engine.ask(GetIncome("main"))).lacks
    assert lack == "SIM:NOVA: no source tells its dividends"
