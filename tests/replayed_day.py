"""A tape played through a whole engine on a clock that stands still until it is moved."""

import asyncio
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from itertools import accumulate
from pathlib import Path
from random import Random

from test_portfolio_contract import holds

from tio.api.contract import Engine
from tio.api.files import GetReplay, StartReplay
from tio.api.ledger import GetPositions
from tio.api.orders import Fill, Side
from tio.api.portfolio import Holdings
from tio.api.series import instant
from tio.api.system import GetHealth
from tio.api.ticks import Trade
from tio.api.trading import ListFills
from tio.engine.feeds.steps import read_steps
from tio.engine.feeds.tio_ticks import address, written
from tio.engine.portfolio.money import EXACT

from fakes import FakeClock

SPEED = 2_000.0
STEP = 0.02
"""Seconds of the wall between two looks: forty of the tape's."""
COINBASE = "wss://ws-feed.exchange.coinbase.com"


@dataclass
class Playing:
    """A replay under way: its engine's wall clock, its frames' instants, the ticks up to each."""

    engine: Engine
    clock: FakeClock
    at: Sequence[int]
    told: Sequence[int]

    @classmethod
    async def begun(
        cls, engine: Engine, clock: FakeClock, tape: Path, source: str, speed: float = SPEED
    ) -> "Playing":
        steps = [(step.at, len(step.ticks)) for step in read_steps(tape, source) if step.at]
        told = tuple(accumulate(ticks for _, ticks in steps))
        await engine.ask(StartReplay(str(tape), speed=speed))
        return cls(engine, clock, tuple(at for at, _ in steps), told)

    async def until(self, moment: datetime) -> None:
        """Let the tape run to a moment, all it says until then heard."""
        while True:
            health = await self.engine.ask(GetHealth())
            due = bisect_right(self.at, instant(health.now))
            if due and health.ticks < self.told[due - 1]:
                await asyncio.sleep(0)  # its reader, a thread, is a little behind
                continue
            if health.now >= moment:
                return
            await self.clock.advance(STEP)

    async def out(self) -> None:
        """Let the tape run to its end."""
        while not (await self.engine.ask(GetReplay())).done:
            await self.clock.advance(STEP)


async def exact_identity(engine: Engine, brought: Decimal) -> Holdings:
    """Hold a portfolio to its identities, and to what its fills alone say, to the last decimal."""
    fills = await engine.ask(ListFills("main", limit=10_000))
    held = await engine.ask(GetPositions("main"))
    assert holds(held)
    with localcontext(EXACT):
        cash, quantities = brought, dict[str, Decimal]()
        for fill in fills:
            sign = 1 if fill.side is Side.buy else -1
            cash -= sign * fill.price * fill.quantity + fill.fee
            before = quantities.get(fill.symbol, Decimal(0))
            quantities[fill.symbol] = before + sign * fill.quantity
        worth = cash
        assert {each.symbol: each.quantity for each in held.positions} == {
            symbol: quantity for symbol, quantity in quantities.items() if quantity
        }
        for each in held.positions:
            assert each.price is not None
            worth += each.quantity * each.price
        assert held.nav == worth
        assert sum((each.value or Decimal(0) for each in held.cash), Decimal(0)) == cash
    return held


def sums_of(fills: Sequence[Fill]) -> dict[str, Decimal]:
    """What each order filled, by the order's id."""
    found: dict[str, Decimal] = {}
    for fill in fills:
        found[fill.order] = found.get(fill.order, Decimal(0)) + fill.quantity
    return found


def made_up_day(file: Path, symbols: Sequence[str], begin: datetime, hours: int) -> None:
    """Coinbase's own words of a made-up day: quotes with sizes, and trades, every half minute."""
    chance = Random(11)
    prices = {symbol: Decimal(100 * (n + 1)) for n, symbol in enumerate(symbols)}
    lines = [f"{COINBASE} <-> {begin.timestamp() - 1:.3f}"]
    for number in range(hours * 120):
        at = begin + timedelta(seconds=30 * number)
        for symbol in symbols:
            move = Decimal(chance.randint(-25, 25)) / 100
            prices[symbol] = max(Decimal(20), prices[symbol] + move)
            lines.append(f"{at.timestamp():.3f}: {_quoted(symbol, prices[symbol], at, chance)}")
            later = at + timedelta(milliseconds=200)
            traded = _traded(symbol, prices[symbol], later, chance, number + 1)
            lines.append(f"{later.timestamp():.3f}: {traded}")
    file.write_text("\n".join(lines) + "\n")


def _quoted(symbol: str, price: Decimal, at: datetime, chance: Random) -> str:
    return json.dumps(
        {
            "type": "ticker",
            "product_id": symbol,
            "price": str(price),
            "best_bid": str(price - Decimal("0.02")),
            "best_ask": str(price + Decimal("0.03")),
            "best_bid_size": str(Decimal(chance.randint(1, 80)) / 10),
            "best_ask_size": str(Decimal(chance.randint(1, 80)) / 10),
            "time": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z",
        }
    )


def _traded(symbol: str, price: Decimal, at: datetime, chance: Random, number: int) -> str:
    return json.dumps(
        {
            "type": "match",
            "trade_id": number,
            "side": chance.choice(("buy", "sell")),
            "size": str(Decimal(chance.randint(1, 50)) / 10),
            "price": str(price + Decimal(chance.randint(-2, 2)) / 100),
            "product_id": symbol,
            "time": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z",
        }
    )


def bars_as_tape(file: Path, bars: Sequence[tuple[datetime, str, Sequence[float], float]]) -> None:
    """Hourly bars as the trades they were made of: when, symbol, four prices, volume."""
    told: list[tuple[int, str]] = []
    for begin, symbol, prices, volume in bars:
        for quarter, price in enumerate(prices):
            at = instant(begin + timedelta(minutes=15 * quarter + 1))
            trade = Trade(symbol, price, volume / 4, at, index=quarter)
            told.append((at, written((trade,))))
    head = ["# tio recording 1 bars", f"{address('bars')} <-> {min(told)[0] / 1e6 - 1:.3f}"]
    file.write_text("\n".join([*head, *(f"{at / 1e6:.3f}: {text}" for at, text in sorted(told))]))


DAY = datetime(2026, 11, 18, tzinfo=UTC)
