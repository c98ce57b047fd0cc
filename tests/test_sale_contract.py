"""What every engine promises of sales out of chosen lots, in process and over the socket."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from both_engines import DOORS, running, through

from tio.api.contract import Engine
from tio.api.errors import Invalid, NotFound
from tio.api.ledger import (
    AddTransaction,
    CreatePortfolio,
    EditPortfolio,
    GetGains,
    GetLots,
    ListChanges,
    ListTransactions,
    UndoTransaction,
)
from tio.api.portfolio import LotRule, TransactionKind
from tio.api.sales import LotPart, LotPick, PreviewSale, SalePreview, SellLots, as_previewed
from tio.engine.local import LocalEngine

D = Decimal
SOLD = "2026-11-13"
BUYS = (("2024-01-10", "10", "100"), ("2026-02-10", "10", "140"), ("2026-06-10", "10", "120"))


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running() as made:
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        await opened.ask(CreatePortfolio("main", "USD"))
        await opened.ask(
            AddTransaction("main", TransactionKind.deposit, "2024-01-02", amount=D(9999))
        )
        for day, quantity, price in BUYS:
            await buy(opened, day, quantity, price)
        yield opened


async def buy(engine: Engine, day: str, quantity: str, price: str, **more: Any) -> None:
    bought = AddTransaction("main", TransactionKind.buy, day, "ACME", D(quantity), D(price), **more)
    await engine.ask(bought)


async def preview(engine: Engine, **asked: Any) -> SalePreview:
    usual: dict[str, Any] = {"quantity": D(15), "price": D(130), "date": SOLD}
    return await engine.ask(PreviewSale("main", "ACME", **(usual | asked)))


def taken(seen: SalePreview) -> list[int]:
    return [int(lot.taken) for lot in seen.lots]


async def test_lots_are_shown_with_their_age_and_what_each_would_gain(engine: Engine) -> None:
    seen = await preview(engine)
    old, dear, new = seen.lots
    assert (old.gain, dear.gain, new.gain) == (D(300), D(-100), D(100))
    assert (old.long_term, dear.long_term, old.held_days) == (True, False, 1038)
    assert (seen.symbol, seen.price, seen.price_currency) == ("SIM:ACME", D(130), "USD")
    assert (seen.rule, seen.quantity, seen.left) == (LotRule.fifo, D(15), D(15))


@pytest.mark.parametrize(
    ("pick", "out_of", "short", "long"),
    [
        (LotPick.fifo, [10, 5, 0], "-50", "300"),
        (LotPick.lifo, [0, 5, 10], "50", "0"),
        (LotPick.hifo, [0, 10, 5], "-50", "0"),
        (LotPick.long_term, [10, 5, 0], "-50", "300"),
        (LotPick.harvest, [0, 10, 0], "-100", "0"),
    ],
)
async def test_each_pick_tells_what_it_realises_short_and_long_term(
    engine: Engine, pick: LotPick, out_of: list[int], short: str, long: str
) -> None:
    seen = await preview(engine, pick=pick)
    assert taken(seen) == out_of
    assert (seen.short_term, seen.long_term) == (D(short), D(long))
    assert seen.gain == seen.short_term + seen.long_term
    assert seen.quantity + seen.lacks == 15
    assert seen.trouble == ""
    assert seen.left_cost + sum(lot.cost * lot.taken / lot.quantity for lot in seen.lots) == 3600


async def test_a_preview_keeps_nothing(engine: Engine) -> None:
    before = await engine.ask(ListChanges("main"))
    await preview(engine)
    assert await engine.ask(ListChanges("main")) == before


async def test_what_was_seen_is_what_is_booked_and_one_undo_takes_it_back(engine: Engine) -> None:
    asked = PreviewSale(
        *("main", "ACME"),
        price=D(130),
        fee=D("1.01"),
        tax=D(7),
        date=SOLD,
        parts=(LotPart("2", D(4)), LotPart("4", D(3))),
    )
    seen = await engine.ask(asked)
    sold = await engine.ask(as_previewed(asked, seen, "as confirmed", ("tax",)))
    assert [(e.lot, e.quantity, e.note, e.tags) for e in sold] == [
        ("2", D(4), "as confirmed", ("tax",)),
        ("4", D(3), "as confirmed", ("tax",)),
    ]
    assert (sum(e.fee for e in sold), sum(e.tax for e in sold)) == (D("1.01"), D(7))
    gains = await engine.ask(GetGains("main"))
    assert (gains.short_term, gains.long_term) == (seen.short_term, seen.long_term)
    assert sum(g.gain for g in gains.gains) == seen.gain == D("148.99")
    assert {lot.id: lot.quantity for lot in await engine.ask(GetLots("main"))} == {
        "2": D(6),
        "3": D(10),
        "4": D(7),
    }
    (change, *_) = await engine.ask(ListChanges("main"))
    assert (change.entries, change.what) == (2, "sell 7 SIM:ACME at 130 USD out of lots 2, 4")
    await engine.ask(UndoTransaction("main"))
    assert (await engine.ask(GetGains("main"))).gains == ()


async def test_a_repeated_write_key_sells_once(engine: Engine) -> None:
    asked = SellLots("main", "ACME", (LotPart("2", D(10)),), price=D(130), date=SOLD)
    first = await engine.ask(asked, key="once")
    assert await engine.ask(asked, key="once") == first
    left = await engine.ask(GetLots("main"))
    assert len(left) == 2


async def test_a_sale_is_changed_to_come_out_of_other_lots(engine: Engine) -> None:
    sale = AddTransaction("main", TransactionKind.sell, SOLD, "ACME", D(8), D(130), note="mine")
    was = await engine.ask(sale)
    asked = PreviewSale(
        *("main", "ACME", D(8), D(130)), date=SOLD, pick=LotPick.hifo, replaces=was.id
    )
    seen = await engine.ask(asked)
    assert (taken(seen), seen.gain) == ([0, 8, 0], D(-80))
    (now,) = await engine.ask(as_previewed(asked, seen, "mine"))
    assert (now.id, now.version, now.lot, now.note) == (was.id, 2, "3", "mine")
    more = SellLots(
        *("main", "ACME", (LotPart("3", D(5)), LotPart("4", D(3)))),
        price=D(130),
        date=SOLD,
        replaces=was.id,
    )
    first, second = await engine.ask(more)
    assert (first.id, first.version) == (was.id, 3)
    assert second.id not in (was.id, "1")
    await engine.ask(UndoTransaction("main"))
    (sale_again,) = await engine.ask(ListTransactions("main", kinds=(TransactionKind.sell,)))
    assert (sale_again.id, sale_again.quantity, sale_again.lot) == (was.id, D(8), "3")


async def test_a_sale_of_the_past_comes_out_of_the_lots_of_then(engine: Engine) -> None:
    seen = await preview(engine, date="2026-03-01", quantity=None)
    assert taken(seen) == [10, 10]
    await engine.ask(as_previewed(PreviewSale("main", "ACME", price=D(130), date=SOLD), seen))
    troubled = await preview(engine, date="2026-03-01", quantity=D(5), pick=LotPick.fifo)
    assert "lot 2 holds 5, not 10" in troubled.trouble
    assert taken(troubled) == [5, 0]


async def test_a_loss_bought_again_is_marked(engine: Engine) -> None:
    assert not (await preview(engine, pick=LotPick.harvest)).wash
    await buy(engine, "2026-11-16", "1", "100")
    assert (await preview(engine, pick=LotPick.harvest)).wash


async def test_an_amount_is_shared_out_and_adds_up(engine: Engine) -> None:
    parts = (LotPart("2", D(1)), LotPart("3", D(1)), LotPart("4", D(1)))
    sold = await engine.ask(
        SellLots("main", "ACME", parts, amount=D("400.00"), fee=D("1"), date=SOLD)
    )
    assert sum(e.amount or 0 for e in sold) == D(400)
    assert [e.fee for e in sold] == [D("0.33"), D("0.34"), D("0.33")]
    seen = await preview(engine, price=None, amount=D(270), quantity=None)
    assert (seen.quantity, seen.price) == (D(27), D(10))


async def test_the_account_is_the_only_one_or_to_be_named(engine: Engine) -> None:
    await buy(engine, "2026-07-01", "5", "100", account="ira")
    with pytest.raises(Invalid, match="in several places: no account, ira"):
        await preview(engine)
    seen = await preview(engine, account="ira", quantity=None)
    assert (seen.account, seen.quantity) == ("ira", D(5))
    asked = PreviewSale("main", "ACME", price=D(130), date=SOLD, account="ira")
    (sold,) = await engine.ask(as_previewed(asked, seen))
    assert sold.account == "ira"


async def test_under_average_costs_every_lot_gains_alike(engine: Engine) -> None:
    await engine.ask(EditPortfolio("main", lots=LotRule.average))
    seen = await preview(engine, parts=(LotPart("3", D(5)),))
    assert (seen.rule, seen.gain) == (LotRule.average, D(50))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"parts": (LotPart("9", D(1)),)}, "no open lot '9'"),
        ({"parts": (LotPart("2", D(11)),)}, "lot 2 holds 10, not 11"),
        ({"parts": (LotPart("2", D(0)),)}, "above zero"),
        ({"parts": (LotPart("2", D(1)), LotPart("2", D(1)))}, "told twice"),
        ({"price": None}, "needs a price"),
        ({"date": "2023-01-01"}, "no lot of SIM:ACME is open on 2023-01-01"),
        ({"replaces": "1"}, "is a deposit and no sale"),
    ],
)
async def test_what_cannot_be_sold_is_refused(
    engine: Engine, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        await preview(engine, **asked)


async def test_more_than_there_is_lacks(engine: Engine) -> None:
    seen = await preview(engine, quantity=D(40))
    assert (seen.quantity, seen.lacks, seen.left) == (D(30), D(10), D(0))


async def test_what_nobody_knows_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound, match="NOBODY"):
        await engine.ask(PreviewSale("main", "NOBODY", price=D(1)))
