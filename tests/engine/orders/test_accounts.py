"""Portfolios as the accounts orders are judged by."""

from decimal import Decimal
from pathlib import Path

import pytest
from order_room import COIN, Room, room

from tio.api.access import OWNER
from tio.api.ledger import AddTransaction, GetPositions
from tio.api.limits import RiskLimits
from tio.api.orders import TradingLimits
from tio.api.portfolio import TransactionKind
from tio.api.tickets import OpenRisk
from tio.engine.orders.accounts import Accounts
from tio.engine.orders.situation import Standing

D = Decimal


def accounts(made: Room, limits: RiskLimits, margin: str = "1") -> Accounts:
    async def told(owner: str) -> RiskLimits:
        return limits

    books = made.portfolios
    holdings = books.answers()[GetPositions]
    return Accounts(holdings, told, books.pricer, books.shelf, D(margin))


async def standing(
    made: Room, limits: RiskLimits | None = None, margin: str = "1", currency: str = "USD"
) -> Standing:
    told = accounts(made, limits or RiskLimits(), margin)
    holdings = await told.holdings(OWNER, "main")
    risks = (OpenRisk(symbol=COIN, risk=D(30), unguarded=D(200)),)
    return await told.standing(OWNER, holdings, currency, risks)


async def trade(made: Room, kind: TransactionKind, quantity: int, price: int) -> None:
    day = made.clock.now().isoformat()
    await made.engine.ask(AddTransaction("main", kind, day, COIN, D(quantity), D(price)))


async def test_an_account_tells_its_worth_its_exposure_its_heat_and_its_margin(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as made:
        await trade(made, TransactionKind.buy, 10, 100)
        made.take(made.trade(110))
        found = await standing(made, margin="2")
    assert (found.currency, found.equity, found.exposure) == ("USD", D(10_100), D(1_100))
    assert (found.heats, found.margin, found.rate("USD")) == ({COIN: D(230)}, D(2), D(1))
    assert found.rate("EUR") is None


async def test_limits_are_percent_of_net_value_and_a_days_loss_of_what_it_began_with(
    tmp_path: Path,
) -> None:
    limits = RiskLimits(position=D(10), gross=D(50), day_loss=D(2), heat=D(5))
    async with room(tmp_path) as made:
        await trade(made, TransactionKind.buy, 10, 100)
        made.take(made.trade(90))
        found = await standing(made, limits)
    assert found.day_result == -100
    assert found.limits == TradingLimits(
        position=D(990), exposure=D(4_950), loss_a_day=D(200), heat=D(495)
    )


@pytest.mark.parametrize("currency", ["", "USD"])
async def test_its_own_currency_needs_no_rate(tmp_path: Path, currency: str) -> None:
    async with room(tmp_path) as made:
        assert await accounts(made, RiskLimits()).rate(currency, "USD") == 1


async def test_what_the_day_lost_counts_when_nothing_is_held_any_more(tmp_path: Path) -> None:
    async with room(tmp_path) as made:
        await trade(made, TransactionKind.buy, 10, 100)
        await trade(made, TransactionKind.sell, 10, 80)
        found = await standing(made)
    assert (found.day_result, found.exposure) == (D(-200), D(0))
