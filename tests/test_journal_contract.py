"""What every engine promises of the trade journal, in process and over the socket."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from both_engines import DOORS, running, through
from test_order_contract import TRADED, place, price, until_filled, until_none_is_open

from tio.api.access import Principal
from tio.api.contract import Engine, Role
from tio.api.errors import Invalid, NotAllowed, NotFound
from tio.api.journal import (
    AnnotateTrade,
    By,
    GetExpectancy,
    GetTrade,
    ListTrades,
    PlanSource,
    Trade,
)
from tio.api.ledger import (
    AddTransaction,
    CreatePortfolio,
    DeletePortfolio,
    GetGains,
    ListTransactions,
    RemoveTransaction,
    UndoTransaction,
)
from tio.api.market import Side
from tio.api.orders import BracketLegs
from tio.api.portfolio import TransactionKind
from tio.api.trading import FlattenPosition
from tio.engine.local import LocalEngine

KIND = TransactionKind


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running(symbols=3, rate=200.0) as made:
        await made.session().ask(CreatePortfolio("main", "USD"))
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


async def enter(engine: Engine, kind: TransactionKind, day: str, **terms: Any) -> str:
    told: dict[str, Any] = {
        "symbol": "ACME",
        "quantity": Decimal(10),
        "price": Decimal(100),
    } | terms
    return (await engine.ask(AddTransaction("main", kind, day, **told))).id


async def two_trades(engine: Engine) -> tuple[Trade, Trade]:
    """One of ten at 100 sold at 110, then one of five that is still open; the newest first."""
    await enter(engine, KIND.buy, "2026-11-02", tags=("setup:gap",))
    await enter(engine, KIND.sell, "2026-11-05", price=Decimal(110), fee=Decimal(2))
    await enter(engine, KIND.buy, "2026-11-09", quantity=Decimal(5))
    second, first = await engine.ask(ListTrades("main"))
    return first, second


async def test_trades_are_told_from_flat_to_flat(engine: Engine) -> None:
    first, second = await two_trades(engine)
    assert (first.symbol, first.side) == (TRADED, Side.buy)
    assert (first.quantity, first.left) == (Decimal(10), Decimal(0))
    assert (first.entry, first.exit, first.gain) == (Decimal(100), Decimal("109.8"), Decimal(98))
    assert (first.setup, first.plan, first.r) == ("gap", PlanSource.none, None)
    assert first.excursion is not None
    assert (second.left, second.closed_at, second.exit) == (Decimal(5), None, None)
    gains = await engine.ask(GetGains("main"))
    assert first.gain + second.gain == sum(each.gain for each in gains.gains)


async def test_trades_can_be_chosen(engine: Engine) -> None:
    first, second = await two_trades(engine)
    choices: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({"open": False}, [first.id]),
        ({"setup": "gap"}, [first.id]),
        ({"symbol": "BTC-USD"}, []),
        ({"start": date(2026, 11, 3)}, [second.id]),
        ({"end": date(2026, 11, 3)}, [first.id]),
        ({"limit": 1}, [second.id]),
    )
    for chosen, wanted in choices:
        asked = ListTrades("main", excursions=False, **chosen)
        assert [each.id for each in await engine.ask(asked)] == wanted


async def test_what_is_written_of_a_trade_is_kept_and_makes_its_r(engine: Engine) -> None:
    first, _ = await two_trades(engine)
    said = AnnotateTrade(
        "main",
        first.id,
        setup="pull\x1bback",
        stop=Decimal(95),
        target=Decimal(115),
        notes="too early\nagain",
        rating=4,
    )
    told = await engine.ask(said)
    assert (told.setup, told.notes, told.rating) == ("pullback", "too early\nagain", 4)
    assert (told.plan, told.risk, told.r) == (PlanSource.written, Decimal(50), 98 / 50)
    assert told.excursion is not None
    assert told.excursion.adverse_r is not None
    kept = await engine.ask(AnnotateTrade("main", first.id, stop=None))
    assert (kept.stop, kept.r, kept.target) == (None, None, Decimal(115))
    assert kept.setup == "pullback"
    assert (await engine.ask(ListTrades("main")))[1].notes == "too early\nagain"


async def test_a_stop_beyond_the_entry_risks_nothing(engine: Engine) -> None:
    first, _ = await two_trades(engine)
    told = await engine.ask(AnnotateTrade("main", first.id, stop=Decimal(105)))
    assert (told.stop, told.risk, told.r) == (Decimal(105), None, None)


async def test_notes_stay_with_a_trade_that_an_earlier_entry_now_opens(engine: Engine) -> None:
    first, _ = await two_trades(engine)
    await engine.ask(AnnotateTrade("main", first.id, notes="mine"))
    await enter(engine, KIND.buy, "2026-10-30", quantity=Decimal(1), tags=())
    (whole,) = await engine.ask(ListTrades("main"))
    assert (whole.notes, whole.quantity) == ("mine", Decimal(16))
    await engine.ask(UndoTransaction("main"))
    assert [each.notes for each in await engine.ask(ListTrades("main"))] == ["", "mine"]


async def test_notes_stay_when_the_entry_that_opened_a_trade_is_taken_back(engine: Engine) -> None:
    begun = await enter(engine, KIND.buy, "2026-11-02", quantity=Decimal(4))
    added = await enter(engine, KIND.buy, "2026-11-03", quantity=Decimal(6))
    await engine.ask(AnnotateTrade("main", begun, notes="mine"))
    await engine.ask(RemoveTransaction("main", begun))
    (left,) = await engine.ask(ListTrades("main"))
    assert (left.id, left.notes) == (added, "mine")


async def test_a_story_has_every_step_and_no_bar_after_it(engine: Engine) -> None:
    first, _ = await two_trades(engine)
    story = await engine.ask(GetTrade("main", first.id))
    assert [(each.side, each.quantity, each.gain) for each in story.steps] == [
        (Side.buy, Decimal(10), None),
        (Side.sell, Decimal(10), Decimal(98)),
    ]
    assert story.bars is not None
    assert len(story.bars) > 0
    assert first.closed_at is not None
    assert story.bars.time.listed()[-1] <= first.closed_at.isoformat()


async def test_expectancy_counts_closed_trades_by_group(engine: Engine) -> None:
    await two_trades(engine)
    told = await engine.ask(GetExpectancy("main", by=By.weekday))
    assert told.all is not None
    assert (told.all.trades, told.all.wins, told.open) == (1, 1, 1)
    assert told.all.gain == 98
    assert [each.group for each in told.groups] == ["Monday"]
    none = await engine.ask(GetExpectancy("main", start=date(2026, 11, 8)))
    assert (none.all, none.groups, none.open) == (None, (), 1)


async def test_a_bracket_is_a_planned_trade(engine: Engine) -> None:
    money = Decimal(1_000_000)
    await engine.ask(AddTransaction("main", KIND.deposit, "2026-11-02", amount=money))
    last = await price(engine)
    near = (last * Decimal("0.05")).quantize(Decimal("0.01"))
    entry, target, stop = await place(
        engine,
        "buy",
        "10",
        bracket=BracketLegs(target=last + near, stop=last - near),
        setup="breakout",
        idea="i1",
    )
    await until_filled(engine, entry.id)
    await engine.ask(FlattenPosition("main", TRADED))
    await until_none_is_open(engine)
    (trade,) = await engine.ask(ListTrades("main"))
    assert (trade.orders, trade.setup, trade.idea) == ((entry.id,), "breakout", "i1")
    assert (trade.stop, trade.target) == (stop.stop, target.limit)
    assert (trade.plan, trade.paper, trade.marked) == (PlanSource.order, True, False)
    assert trade.risk is not None
    assert stop.stop is not None
    assert trade.risk == (trade.entry - stop.stop) * 10
    assert trade.r == pytest.approx(float(trade.gain / trade.risk))
    by_setup = await engine.ask(GetExpectancy("main"))
    assert [(each.group, each.with_r) for each in by_setup.groups] == [("breakout", 1)]


async def test_mistakes_are_told_in_a_sentence(engine: Engine) -> None:
    first, _ = await two_trades(engine)
    with pytest.raises(NotFound, match="no trade '99' in main"):
        await engine.ask(GetTrade("main", "99"))
    with pytest.raises(Invalid, match="the stop must be a price above zero"):
        await engine.ask(AnnotateTrade("main", first.id, stop=Decimal(-1)))
    with pytest.raises(NotFound):
        await engine.ask(ListTrades("none"))


async def test_a_write_key_writes_once(engine: Engine) -> None:
    first, _ = await two_trades(engine)
    said = AnnotateTrade("main", first.id, notes="once")
    told = [await engine.ask(said, key="k1") for _ in range(2)]
    assert told[0] == told[1]
    await engine.ask(AnnotateTrade("main", first.id, notes="twice"))
    await engine.ask(said, key="k1")
    assert (await engine.ask(ListTrades("main")))[1].notes == "twice"


async def test_only_a_trader_writes_and_a_portfolio_takes_its_journal_with_it(
    local: LocalEngine,
) -> None:
    owner = local.session()
    first, _ = await two_trades(owner)
    await owner.ask(AnnotateTrade("main", first.id, notes="mine"))
    viewer = local.session(Principal("local", Role.viewer))
    with pytest.raises(NotAllowed):
        await viewer.ask(AnnotateTrade("main", first.id, notes="not mine"))
    await owner.ask(DeletePortfolio("main"))
    await owner.ask(CreatePortfolio("main", "USD"))
    again, _ = await two_trades(owner)
    assert again.notes == ""
    assert await owner.ask(ListTransactions("main"))
