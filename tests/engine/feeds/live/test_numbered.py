import asyncio
import logging
from collections.abc import Sequence

import pytest

from tio.api.errors import SourceUnavailable
from tio.api.ticks import Trade
from tio.engine.feeds.live.numbered import Missing, Numbered, Repairs

from fakes import settle


def trade(number: int, *, folds: bool = True, symbol: str = "BTC-USD") -> Trade:
    return Trade(symbol, 100.0, 1.0, number * 10, id=str(number), folds=folds)


def take(numbered: Numbered, *trades: Trade) -> tuple[list[tuple[str | None, bool]], list[Missing]]:
    told, missing = numbered.take(trades)
    return [(each.id, each.folds) for each in told], missing


def test_the_first_snapshot_is_past_and_the_next_folds_what_is_new() -> None:
    numbered = Numbered()
    assert take(numbered, trade(2, folds=False), trade(1, folds=False)) == (
        [("1", False), ("2", False)],
        [],
    )
    assert take(numbered, trade(2, folds=False), trade(3, folds=False)) == (
        [("2", False), ("3", True)],
        [],
    )


def test_a_jump_in_the_numbers_is_missing_and_told_once() -> None:
    numbered = Numbered()
    take(numbered, trade(10))
    assert take(numbered, trade(14)) == ([("14", True)], [Missing("BTC-USD", 10, 14, 100)])
    assert take(numbered, trade(12)) == ([("12", True)], []), "late, not missing"
    assert take(numbered, trade(15)) == ([("15", True)], [])
    assert take(numbered, trade(99, symbol="ETH-USD"))[1] == [], "numbers are of one symbol"


def test_only_what_is_missing_is_taken_from_an_answer() -> None:
    missing = Missing("BTC-USD", 10, 13, 100)
    found = missing.among([trade(number, folds=False) for number in (9, 10, 11, 12, 13)])
    assert [(each.id, each.folds) for each in found] == [("11", True), ("12", True)]


async def test_what_is_missing_of_one_symbol_is_fetched_at_once_and_a_failure_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fetched: list[Missing] = []
    fails: Sequence[Missing] = ()

    async def fetch(missing: Missing) -> None:
        fetched.append(missing)
        if missing in fails:
            raise SourceUnavailable("out of order")

    repairs = Repairs("venue", fetch)
    repairs.note(Missing("A-USD", 1, 5, 10))
    repairs.note(Missing("B-USD", 1, 3, 10))
    repairs.note(Missing("A-USD", 7, 9, 50))
    fails = [Missing("B-USD", 1, 3, 10)]
    running = asyncio.create_task(repairs.run())
    with caplog.at_level(logging.WARNING):
        await settle()
    assert fetched == [Missing("A-USD", 1, 9, 10), Missing("B-USD", 1, 3, 10)]
    assert "trades of B-USD are missing: out of order" in caplog.text
    repairs.note(Missing("B-USD", 1, 3, 10))
    await settle()
    assert len(fetched) == 3, "it goes on after a failure"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
