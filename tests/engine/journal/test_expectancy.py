"""What trades prove, against figures worked out by hand and by others' tables."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tio.api.journal import By, Trade
from tio.api.market import Side
from tio.engine.journal.expectancy import by_group, expectancy, interval, wilson

MONDAY = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def trade(gain: float, r: float | None = None, **told: Any) -> Trade:
    terms: dict[str, Any] = {
        "id": "1",
        "portfolio": "main",
        "symbol": "AAA",
        "account": "",
        "side": Side.buy,
        "quantity": Decimal(1),
        "left": Decimal(0),
        "currency": "USD",
        "entry": Decimal(10),
        "exit": Decimal(11),
        "opened_at": MONDAY,
        "closed_at": MONDAY + timedelta(hours=1),
        "base": "USD",
        "gain": Decimal(str(gain)),
        "r": r,
    }
    return Trade(**(terms | told))


def of(gains: Sequence[float]) -> list[Trade]:
    return [trade(gain) for gain in gains]


def test_wins_and_losses_of_money() -> None:
    told = expectancy("all", of([30, -10, 20, -10, 0]))
    assert (told.trades, told.wins, told.gain, told.mean) == (5, 2, Decimal(30), 6)
    assert told.win_rate == pytest.approx(0.4)
    assert told.payoff == pytest.approx(25 / 10)
    assert told.profit_factor == pytest.approx(50 / 20)
    assert (told.mean_low, told.mean_r, told.enough) == (None, None, False)


def test_without_a_loss_there_is_no_factor() -> None:
    told = expectancy("all", of([1, 2]))
    assert (told.payoff, told.profit_factor) == (None, None)


def test_the_interval_of_a_rate_is_wilsons() -> None:
    # Newcombe (1998), table I: 81 of 263, and 1 of 29.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)
    assert wilson(0, 20)[0] == 0
    assert wilson(20, 20)[1] == 1


def test_the_interval_of_a_mean_is_students() -> None:
    # Of 1 to 10: mean 5.5, deviation 3.02765, t of nine degrees 2.26216.
    low, high = interval(list(range(1, 11)))
    assert low == pytest.approx(3.334149, abs=1e-5)
    assert high == pytest.approx(7.665851, abs=1e-5)
    assert interval([1.0] * 9) == (None, None)


def test_enough_is_what_leaves_out_zero() -> None:
    sure = [trade(1, 1 + 0.01 * n) for n in range(12)]
    assert expectancy("all", sure).enough
    unsure = [trade(1, (-1) ** n * 1.0) for n in range(12)]
    assert not expectancy("all", unsure).enough


def test_r_counts_where_it_was_planned() -> None:
    told = expectancy("all", [trade(10, 2.0), trade(-5, -1.0), trade(3)])
    assert (told.with_r, told.mean_r) == (2, 0.5)


def test_hours_and_days_are_those_of_the_zone() -> None:
    late = MONDAY.replace(hour=23, minute=30)
    trades = [trade(1), trade(2, opened_at=late), trade(3, opened_at=late - timedelta(days=1))]
    assert [each.group for each in by_group(trades, By.hour, BERLIN)] == ["00:00", "15:00"]
    days = by_group(trades, By.weekday, BERLIN)
    assert [(each.group, each.trades) for each in days] == [("Monday", 2), ("Tuesday", 1)]


def test_setups_come_largest_first_and_those_without_are_said() -> None:
    trades = [trade(1), trade(1, setup="gap"), trade(2, setup="gap")]
    assert [(e.group, e.trades) for e in by_group(trades, By.setup, BERLIN)] == [
        ("gap", 2),
        ("–", 1),
    ]
    sides = by_group([trade(1), trade(1, side=Side.sell)], By.side, BERLIN)
    assert {each.group for each in sides} == {"long", "short"}
