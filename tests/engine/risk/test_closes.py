"""Closes in the portfolio's currency: rates by pairs, through others, upside down, or none."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tio.api.access import OWNER, Principal
from tio.api.errors import NotFound
from tio.api.market import Bars, GetBars, Timeframe
from tio.api.series import Series, Times
from tio.engine.risk.closes import Closes, DailyCloses
from tio.engine.risk.held import Held

DAY = 86_400_000_000
START = datetime(2026, 1, 1, tzinfo=UTC)


class FakeMarket:
    """Answers GetBars with closes by symbol, on days 0, 1, 2 …; a zero is no bar."""

    def __init__(self, closes: Mapping[str, Sequence[float]], *, forming: bool = False) -> None:
        self._closes, self._forming = closes, forming

    def answers(self) -> Mapping[type, Any]:
        return {GetBars: self._bars}

    async def _bars(self, asked: GetBars, by: Principal) -> Bars:
        if asked.symbol not in self._closes:
            raise NotFound(f"nothing is known of the symbol {asked.symbol!r}")
        told = [(n, price) for n, price in enumerate(self._closes[asked.symbol]) if price]
        prices = Series([price for _, price in told])
        return Bars(
            symbol=asked.symbol,
            timeframe=Timeframe.d1,
            time=Times([n * DAY for n, _ in told]),
            open=prices,
            high=prices,
            low=prices,
            close=prices,
            volume=prices,
            forming=self._forming,
            source="fake",
        )


def ways(currency: str, base: str) -> Sequence[Sequence[tuple[str, bool]]]:
    return (((f"{currency}{base}", False),), ((f"USD{currency}", True), (f"USD{base}", False)))


async def closes(market: FakeMarket, *held: Held) -> dict[str, Closes]:
    desk = DailyCloses(market, ways)  # type: ignore[arg-type]
    return await desk.of(held, "EUR", START, None, OWNER)


def share(currency: str = "USD") -> Held:
    return Held("A", Decimal(1), "equity", currency)


async def test_a_price_is_multiplied_with_the_rate_of_its_day() -> None:
    told = await closes(FakeMarket({"A": [10, 20, 40], "USDEUR": [0.5, 0.5, 0.25]}), share())
    assert told["A"].base.close.tolist() == [5, 10, 10]


async def test_a_day_without_a_rate_takes_the_one_before() -> None:
    told = await closes(FakeMarket({"A": [10, 20, 40], "USDEUR": [0, 0.5, 0]}), share())
    assert told["A"].base.close.tolist() == [10, 20]


async def test_a_rate_a_week_old_is_none() -> None:
    market = FakeMarket({"A": [0] * 8 + [10, 10], "USDEUR": [0, 0.5]})
    told = await closes(market, share())
    assert (told["A"].base.time // DAY).tolist() == [8]


async def test_a_rate_goes_through_another_currency_upside_down_where_it_must() -> None:
    market = FakeMarket({"A": [10, 10], "USDCHF": [2, 4], "USDEUR": [1, 1]})
    told = await closes(market, share("CHF"))
    assert told["A"].base.close.tolist() == [5, 2.5]


async def test_a_currency_without_rates_stands_still_and_is_told() -> None:
    told = await closes(FakeMarket({"A": [10, 20]}), share())
    assert told["A"].standing
    assert told["A"].base.close.tolist() == [10, 20]


async def test_money_has_the_rate_as_its_price_and_needs_no_bars_of_its_own() -> None:
    market = FakeMarket({"USDEUR": [0.5, 0.6]})
    money = Held("cash USD", Decimal(1), "cash", "USD")
    told = await closes(market, money, Held("cash CHF", Decimal(1), "cash", "CHF"))
    assert told["cash USD"].base.close.tolist() == [0.5, 0.6]
    assert told["cash CHF"].reason == "no daily rates of CHF are known"


async def test_a_bar_that_still_forms_is_left_out() -> None:
    told = await closes(FakeMarket({"A": [10, 20]}, forming=True), share("EUR"))
    assert told["A"].own.close.tolist() == [10]


async def test_what_is_not_known_is_empty_with_the_reason() -> None:
    told = await closes(FakeMarket({}), share("EUR"))
    assert len(told["A"].own.time) == 0
    assert told["A"].reason == "nothing is known of the symbol 'A'"


@pytest.mark.parametrize("prices", [[float("nan"), 10.0], [-1.0, 10.0]])
async def test_prices_that_are_none_are_left_out(prices: list[float]) -> None:
    told = await closes(FakeMarket({"A": prices}), share("EUR"))
    assert np.array_equal(told["A"].own.close, [10.0])
