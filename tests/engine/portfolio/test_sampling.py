"""The demo's own portfolio, on its own engine."""

from collections.abc import AsyncIterator

import pytest
from both_engines import Afternoon

from tio.api.access import Principal
from tio.api.contract import Engine, Role
from tio.api.ledger import (
    CreatePortfolio,
    DeletePortfolio,
    GetPositions,
    ListPortfolios,
    ListTransactions,
)
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths


def demo() -> LocalEngine:
    return LocalEngine(Paths.find().workspace("demo"), Config(demo=Demo()), wall=Afternoon())


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    made = demo()
    await made.start()
    yield made.session()
    await made.close()


async def test_the_demo_has_a_portfolio_at_its_markets_prices(engine: Engine) -> None:
    (told,) = await engine.ask(ListPortfolios())
    assert (told.name, told.entries) == ("sample", 16)
    held = await engine.ask(GetPositions("sample"))
    assert {each.symbol for each in held.positions} == {
        *("SIM:ACME", "SIM:BTC-USD", "SIM:CLINIC", "SIM:ETH-USD", "SIM:TECH"),
    }
    assert held.nav is not None
    assert not held.lacks
    assert held.realised != 0
    assert held.income > 0
    assert all(cash.amount > 0 for cash in held.cash)
    entries = await engine.ask(ListTransactions("sample"))
    assert min(each.at for each in entries).date().isoformat() == "2025-06-08"


async def test_one_that_was_deleted_does_not_come_back() -> None:
    first = demo()
    await first.start()
    await first.session().ask(ListPortfolios())
    await first.session().ask(DeletePortfolio("sample"))
    await first.close()
    again = demo()
    await again.start()
    try:
        assert await again.session().ask(ListPortfolios()) == ()
    finally:
        await again.close()


async def test_who_has_one_of_their_own_gets_none(engine: Engine) -> None:
    await engine.ask(CreatePortfolio("mine", "EUR"))
    assert [each.name for each in await engine.ask(ListPortfolios())] == ["mine"]


async def test_who_may_only_look_makes_none() -> None:
    made = demo()
    await made.start()
    try:
        viewer = made.session(Principal("guest", Role.viewer))
        assert await viewer.ask(ListPortfolios()) == ()
        trader = made.session(Principal("guest", Role.trader))
        assert [each.name for each in await trader.ask(ListPortfolios())] == ["sample"]
    finally:
        await made.close()
