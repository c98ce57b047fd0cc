"""What every engine promises of portfolios, in this process and across the socket."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext
from typing import Any

import pytest
from both_engines import DOORS, Afternoon, running, through
from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.contract import Engine, Role
from tio.api.errors import Conflict, Invalid, NotAllowed, NotFound
from tio.api.explained import ExplainFigure
from tio.api.ledger import (
    AddTransaction,
    CreatePortfolio,
    DeletePortfolio,
    EditPortfolio,
    EditTransaction,
    GetGains,
    GetLots,
    GetPositions,
    ListChanges,
    ListPortfolios,
    ListTransactions,
    Positions,
    RemoveTransaction,
    UndoTransaction,
)
from tio.api.performance import GetPerformance
from tio.api.portfolio import Account, Holdings, LotRule, TransactionKind
from tio.api.system import GetHealth
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.engine.portfolio.money import EXACT

KIND = TransactionKind
PATIENCE = 20.0


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running() as made:
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


def entry(kind: TransactionKind, date: str, **terms: Any) -> AddTransaction:
    told: dict[str, Any] = {k: Decimal(v) if type(v) is int else v for k, v in terms.items()}
    return AddTransaction("main", kind, date, **told)


@pytest.fixture
async def begun(engine: Engine) -> Engine:
    """A portfolio with money, two buys of ACME and a sale."""
    await engine.ask(CreatePortfolio("main", "USD"))
    for each in (
        entry(KIND.deposit, "2026-11-02", amount=10_000),
        entry(KIND.buy, "2026-11-03", symbol="ACME", quantity=10, price=100, fee=1),
        entry(KIND.buy, "2026-11-04", symbol="ACME", quantity=10, price=120, fee=1),
        entry(KIND.sell, "2026-11-05", symbol="ACME", quantity=5, price=130, fee=1),
    ):
        await engine.ask(each)
    return engine


def holds(held: Holdings) -> bool:
    """Whether the two identities are exact."""
    with localcontext(EXACT):
        assert held.nav is not None
        assert held.unrealised is not None
        assert held.currency_result is not None
        parts = [each.value for each in held.positions if each.value is not None]
        parts += [each.value for each in held.cash if each.value is not None]
        brought = held.realised + held.unrealised + held.income + held.carried
        brought += held.currency_result - held.fees - held.taxes
        return sum(parts) == held.nav and held.nav - held.flows == brought


async def test_a_portfolio_is_listed_with_its_entries(begun: Engine) -> None:
    (told,) = await begun.ask(ListPortfolios())
    assert (told.name, told.currency, told.lots, told.entries) == ("main", "USD", LotRule.fifo, 4)
    with pytest.raises(Conflict, match="there is a portfolio 'main' already"):
        await begun.ask(CreatePortfolio("main", "EUR"))


async def test_positions_are_worth_what_the_board_says(begun: Engine) -> None:
    held = await begun.ask(GetPositions("main"))
    (acme,) = held.positions
    assert (acme.symbol, acme.lots) == ("SIM:ACME", 2)
    assert acme.quantity == 15
    assert acme.cost == Decimal("1701.5")
    assert acme.price is not None
    assert acme.value == 15 * acme.price
    assert held.realised == 649 - Decimal("500.5")
    assert holds(held)


async def test_the_end_of_today_is_now_and_tomorrow_is_still_to_come(begun: Engine) -> None:
    now = await begun.ask(GetPositions("main"))
    tonight = datetime.combine(now.at.date(), time.max, UTC)
    held = await begun.ask(GetPositions("main", tonight))
    assert [each.quantity for each in held.positions] == [15]
    with pytest.raises(Invalid, match="still to come"):
        await begun.ask(GetPositions("main", tonight + timedelta(days=1)))


async def test_a_past_moment_has_its_own_entries_and_closes(begun: Engine) -> None:
    before = await begun.ask(GetPositions("main", at=datetime(2026, 11, 4, 12, tzinfo=UTC)))
    after = await begun.ask(GetPositions("main", at=datetime(2026, 11, 6, 12, tzinfo=UTC)))
    assert [each.quantity for each in before.positions] == [10]
    assert [each.quantity for each in after.positions] == [15]
    assert before.realised == 0
    assert after.realised > 0
    assert holds(before)
    assert holds(after)


async def test_another_rule_can_be_asked_for(begun: Engine) -> None:
    fifo = await begun.ask(GetGains("main"))
    lifo = await begun.ask(GetGains("main", lots=LotRule.lifo))
    assert fifo.short_term == Decimal("148.5")
    assert lifo.short_term == Decimal("48.5")
    assert [lot.quantity for lot in await begun.ask(GetLots("main", lots=LotRule.lifo))] == [10, 5]
    assert [lot.quantity for lot in await begun.ask(GetLots("main"))] == [5, 10]


async def test_an_edit_is_a_new_version_and_undo_brings_back_the_old(begun: Engine) -> None:
    changed = await begun.ask(EditTransaction("main", "3", price=Decimal(125), note="typo"))
    assert changed.version == 2
    assert changed.price == 125
    assert changed.quantity == 10
    assert [each.version for each in await begun.ask(ListTransactions("main", id="3"))] == [2, 1]
    undone = await begun.ask(UndoTransaction("main"))
    assert undone.what.startswith("undo 5: edit 3")
    now = (await begun.ask(ListTransactions("main", id="3")))[0]
    assert now.version == 3
    assert now.price == 120
    assert now.note == ""


async def test_what_is_removed_comes_back_and_an_undo_can_be_undone(begun: Engine) -> None:
    before = await begun.ask(GetLots("main"))
    await begun.ask(RemoveTransaction("main", "4"))
    assert [lot.quantity for lot in await begun.ask(GetLots("main"))] == [10, 10]
    back = await begun.ask(UndoTransaction("main"))
    assert await begun.ask(GetLots("main")) == before
    await begun.ask(UndoTransaction("main", back.number))
    assert [lot.quantity for lot in await begun.ask(GetLots("main"))] == [10, 10]
    with pytest.raises(Conflict, match="were changed since"):
        await begun.ask(UndoTransaction("main", 4))
    with pytest.raises(Conflict, match="is undone already"):
        await begun.ask(UndoTransaction("main", back.number))


async def test_every_change_undone_leaves_an_empty_ledger(begun: Engine) -> None:
    for _ in range(4):
        await begun.ask(UndoTransaction("main"))
    assert await begun.ask(ListTransactions("main")) == ()
    assert (await begun.ask(GetPositions("main"))).nav == 0
    with pytest.raises(NotFound, match="no change to undo"):
        await begun.ask(UndoTransaction("main"))
    changes = await begun.ask(ListChanges("main"))
    assert len(changes) == 8


async def test_a_write_that_is_repeated_happens_once(begun: Engine) -> None:
    sale = entry(KIND.sell, "2026-11-06", symbol="ACME", quantity=15, price=131)
    first = await begun.ask(sale, key="k")
    assert await begun.ask(sale, key="k") == first
    assert (await begun.ask(GetPositions("main"))).positions == ()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            entry(KIND.sell, "2026-11-06", symbol="ACME", quantity=16, price=1),
            "16 sold, and 15 held",
        ),
        (entry(KIND.buy, "2027-01-01", symbol="ACME", quantity=1, price=1), "is still to come"),
        (entry(KIND.buy, "2026-13-01", symbol="ACME", quantity=1, price=1), "is no date"),
        (entry(KIND.buy, "2026-11-06T10:00", symbol="ACME", quantity=1, price=1), "carry a zone"),
        (entry(KIND.buy, "2026-11-06", symbol="ACME", quantity=-1, price=1), "quantity above zero"),
        (entry(KIND.buy, "2026-11-06", symbol="ACME", quantity=1, price=-1), "price must not be"),
        (entry(KIND.buy, "2026-11-06", symbol="ACME", quantity=1), "needs a price or an amount"),
        (entry(KIND.buy, "2026-11-06", quantity=1, price=1), "a buy needs a symbol"),
        (entry(KIND.deposit, "2026-11-06", amount=-5), "must not be below zero"),
        (entry(KIND.deposit, "2026-11-06", amount=5, symbol="ACME"), "of money alone"),
        (entry(KIND.deposit, "2026-11-06", amount=5, currency="XQZ"), "what XQZ was worth in USD"),
        (entry(KIND.splits, "2026-11-06", symbol="ACME"), "a split needs a quantity above zero"),
        (entry(KIND.exchange, "2026-11-06", amount=5), "needs to_currency"),
    ],
)
async def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    begun: Engine, wrong: AddTransaction, told: str
) -> None:
    with pytest.raises(Invalid, match=told):
        await begun.ask(wrong)
    entries = await begun.ask(ListTransactions("main"))
    assert len(entries) == 4


async def test_a_symbol_nobody_knows_is_held_only_when_it_is_said_to_be_unlisted(
    begun: Engine,
) -> None:
    house = entry(KIND.buy, "2026-11-05", symbol="House in Rye", quantity=1, price=9_000)
    with pytest.raises(NotFound) as refused:
        await begun.ask(house)
    assert "unlisted" in refused.value.next
    listed = entry(
        KIND.buy, "2026-11-05", symbol="House in Rye", quantity=1, price=9_000, unlisted=True
    )
    await begun.ask(listed)
    held = await begun.ask(GetPositions("main"))
    assert [(each.symbol, each.stale) for each in held.positions] == [
        ("House in Rye", True),
        ("SIM:ACME", False),
    ]
    assert held.stale_share > 0.5
    assert holds(held)


async def test_entries_are_found_by_symbol_kind_date_and_text(begun: Engine) -> None:
    async def ids(**asked: Any) -> list[str]:
        return [each.id for each in await begun.ask(ListTransactions("main", **asked))]

    await begun.ask(EditTransaction("main", "3", note="Dip bought", tags=("swing",)))
    assert await ids() == ["4", "3", "2", "1"]
    assert await ids(symbol="ACME") == ["4", "3", "2"]
    assert await ids(kinds=(KIND.buy,)) == ["3", "2"]
    assert await ids(text="swing") == await ids(text="dip b") == ["3"]
    assert await ids(start=date(2026, 11, 4), end=date(2026, 11, 4)) == ["3"]
    assert await ids(limit=1, skip=1) == ["3"]


async def test_a_changed_rule_books_all_entries_anew(begun: Engine) -> None:
    await begun.ask(EditPortfolio("main", lots=LotRule.lifo))
    assert (await begun.ask(GetGains("main"))).short_term == Decimal("48.5")
    account = Account(name="", lots=LotRule.fifo)
    with pytest.raises(Invalid, match="a name of its own"):
        await begun.ask(EditPortfolio("main", accounts=(account,)))
    await begun.ask(EditPortfolio("main", name="trading"))
    assert [each.name for each in await begun.ask(ListPortfolios())] == ["trading"]
    with pytest.raises(NotFound, match="no portfolio 'main'"):
        await begun.ask(GetPositions("main"))
    lots = await begun.ask(GetLots("trading"))
    assert len(lots) == 2


async def test_a_deleted_portfolio_is_gone_and_its_name_is_free(begun: Engine) -> None:
    await begun.ask(DeletePortfolio("main"))
    assert await begun.ask(ListPortfolios()) == ()
    await begun.ask(CreatePortfolio("main", "EUR"))
    assert await begun.ask(ListTransactions("main")) == ()


async def test_a_figure_opens_into_what_it_is_made_of(begun: Engine) -> None:
    told = await begun.ask(ExplainFigure("main", "realised"))
    assert told.value == Decimal("148.5")
    assert [part.entry for part in told.parts] == ["4"]
    cost = await begun.ask(ExplainFigure("main", "cost:ACME", LotRule.lifo))
    assert [part.entry for part in cost.parts] == ["2", "3"]
    with pytest.raises(Invalid, match="there is no figure 'luck'"):
        await begun.ask(ExplainFigure("main", "luck"))


async def test_performance_adds_up_to_what_the_portfolio_is_worth(begun: Engine) -> None:
    told = await begun.ask(GetPerformance("main", benchmark="BTC-USD"))
    held = await begun.ask(GetPositions("main"))
    assert (told.start, len(told.nav)) == (date(2026, 11, 2), len(told.time))
    assert told.put_in == 10_000
    assert held.nav is not None
    assert told.end_value is not None
    assert told.end_value == pytest.approx(float(held.nav), rel=0.02)
    assert told.gain == pytest.approx(told.end_value - 10_000)
    assert told.time_weighted == pytest.approx(told.simple, rel=1e-9)
    shares = [each.share for each in told.contributions if each.share is not None]
    assert sum(shares) == pytest.approx(told.time_weighted)
    assert sum(each.gain for each in told.contributions) == pytest.approx(told.gain)
    assert told.benchmark == "SIM:BTC-USD"
    assert told.beta is not None
    assert told.benchmark_growth is not None
    assert len(told.benchmark_growth) == len(told.time)
    part = await begun.ask(GetPerformance("main", start=date(2026, 11, 5), end=date(2026, 11, 10)))
    assert (part.start, part.end, part.flow[0]) == (date(2026, 11, 5), date(2026, 11, 10), 0)
    assert part.begin_value == told.nav[2]


async def test_nothing_in_that_time_is_a_sentence(begun: Engine) -> None:
    with pytest.raises(Invalid, match="has nothing between"):
        await begun.ask(GetPerformance("main", end=date(2026, 10, 1)))
    await begun.ask(CreatePortfolio("empty", "USD"))
    with pytest.raises(Invalid, match="has no entries"):
        await begun.ask(GetPerformance("empty"))


async def test_a_watched_portfolio_is_told_again_when_its_ledger_changes(begun: Engine) -> None:
    async with asyncio.timeout(PATIENCE), begun.watch(Positions("main")) as items:
        first = await anext(items)
        assert first.snapshot
        assert holds(first.value)
        await begun.ask(entry(KIND.deposit, "2026-11-06", amount=77))
        async for item in items:
            assert holds(item.value)
            if item.value.flows == 10_077:
                break


async def test_a_watched_portfolio_moves_with_its_prices(begun: Engine) -> None:
    seen = set()
    async with asyncio.timeout(PATIENCE), begun.watch(Positions("main")) as items:
        async for item in items:
            assert holds(item.value)
            seen.add(item.value.nav)
            if len(seen) > 2:
                break


async def test_a_restart_finds_every_acknowledged_entry(local: LocalEngine) -> None:
    engine = local.session()
    await engine.ask(CreatePortfolio("main", "USD"))
    await engine.ask(entry(KIND.deposit, "2026-11-02", amount=10))
    await local.close()
    again = LocalEngine(
        local.place, Config(demo=Demo(symbols=3, portfolio=False)), wall=Afternoon()
    )
    await again.start()
    try:
        assert (await again.session().ask(GetPositions("main"))).nav == 10
    finally:
        await again.close()


async def test_portfolios_are_each_owners_own_and_viewers_change_nothing(
    local: LocalEngine,
) -> None:
    await local.session().ask(CreatePortfolio("main", "USD"))
    other = local.session(Principal(name="guest", role=Role.trader))
    assert await other.ask(ListPortfolios()) == ()
    with pytest.raises(NotFound):
        await other.ask(GetPositions("main"))
    viewer = local.session(Principal(name="owner", role=Role.viewer))
    with pytest.raises(NotAllowed):
        await viewer.ask(entry(KIND.deposit, "2026-11-02", amount=10))


async def test_without_a_date_an_entry_is_of_the_engines_now(engine: Engine) -> None:
    await engine.ask(CreatePortfolio("main", "USD"))
    before = (await engine.ask(GetHealth())).now
    made = await engine.ask(AddTransaction("main", KIND.deposit, amount=Decimal(5)))
    assert before <= made.at <= (await engine.ask(GetHealth())).now


async def test_what_no_source_knows_is_told_in_the_portfolios_money_or_as_before(
    engine: Engine,
) -> None:
    await engine.ask(CreatePortfolio("main", "EUR"))
    house = entry(KIND.buy, "2026-11-05", symbol="House", quantity=1, price=9_000, unlisted=True)
    assert (await engine.ask(house)).currency == "EUR"
    fund = entry(KIND.buy, "2026-11-05", symbol="Fund", quantity=2, price=10, unlisted=True)
    await engine.ask(replace(fund, currency="USD", rate=Decimal("0.9")))
    sold = entry(KIND.sell, "2026-11-06", symbol="Fund", quantity=1, price=11, rate=Decimal(1))
    assert (await engine.ask(sold)).currency == "USD"


async def test_what_was_closed_today_is_in_the_days_change(engine: Engine) -> None:
    await engine.ask(CreatePortfolio("main", "USD"))
    bought = AddTransaction(
        "main", KIND.buy, symbol="ACME", quantity=Decimal(10), price=Decimal(100)
    )
    await engine.ask(bought)
    await engine.ask(replace(bought, kind=KIND.sell, price=Decimal(70)))
    assert (await engine.ask(GetPositions("main"))).day_change == -300
    told = await engine.ask(ExplainFigure("main", "day_change"))
    assert [(part.label, part.value) for part in told.parts] == [("closed today", Decimal(-300))]
