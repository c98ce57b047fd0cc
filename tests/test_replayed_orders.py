"""A day of brackets on a replayed tape through the whole engine: every decimal is accounted for."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from both_engines import DOORS, through
from replayed_day import DAY, Playing, bars_as_tape, exact_identity, made_up_day, sums_of

from tio.api.contract import Engine
from tio.api.errors import Conflict
from tio.api.ledger import AddTransaction, CreatePortfolio, ListTransactions
from tio.api.market import GetQuotes, Side
from tio.api.orders import BracketLegs, OrderState, OrderType, TimeInForce, Trail
from tio.api.portfolio import TransactionKind
from tio.api.trading import FlattenPosition, ListFills, ListOrders, OtherOrder, PlaceOrder
from tio.config import Config, Paper, PaperFee
from tio.engine.local import LocalEngine
from tio.paths import Paths

import recorded
from fakes import FakeClock

D = Decimal
BROUGHT = D(1_000_000)
SYMBOLS = ("BTC-USD", "ETH-USD", "LTC-USD")
PAPER = Paper(fees={"otherwise": PaperFee(percent=0.07, per_share=0.003, least=0.35)}, margin=4.0)


@dataclass
class Scene:
    engine: Engine
    clock: FakeClock


@pytest.fixture(params=DOORS)
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    clock = FakeClock()
    local = LocalEngine(Paths.find().workspace("replay"), Config(paper=PAPER), wall=clock)
    await local.start()
    try:
        async with through(local, request.param) as engine:
            await engine.ask(CreatePortfolio("main", "USD"))
            await engine.ask(
                AddTransaction("main", TransactionKind.deposit, "2020-11-02", amount=BROUGHT)
            )
            yield Scene(engine, clock)
    finally:
        await local.close()


async def last(engine: Engine, symbol: str) -> Decimal:
    (quote,) = await engine.ask(GetQuotes((symbol,)))
    assert quote.last is not None
    return D(repr(quote.last))


async def test_a_bracket_placed_on_a_replay_fills_is_left_and_is_in_the_ledger(
    scene: Scene, tmp_path: Path
) -> None:
    engine, tape = scene.engine, tmp_path / "day.txt"
    made_up_day(tape, SYMBOLS, DAY, 6)
    playing = await Playing.begun(engine, scene.clock, tape, "coinbase")
    await playing.until(DAY + timedelta(minutes=5))
    price = await last(engine, "ETH-USD")
    placed = await engine.ask(
        PlaceOrder(
            "main",
            "ETH-USD",
            Side.buy,
            D(20),
            bracket=BracketLegs(target=price + 1, stop=price - 1),
        )
    )
    assert [each.state for each in placed] == [OrderState.working, *[OrderState.waiting] * 2]
    await exact_identity(engine, BROUGHT)

    await playing.out()

    listed = await engine.ask(ListOrders("main"))
    entry, target, stop = (each.order for each in reversed(listed))
    assert (entry.state, entry.filled) == (OrderState.filled, D(20))
    # More than a quote displays: it took several, each at a price of its own.
    assert entry.fills > 1
    assert {target.state, stop.state} == {OrderState.filled, OrderState.cancelled}
    assert target.filled + stop.filled == 20
    held = await exact_identity(engine, BROUGHT)
    assert not held.positions
    assert held.nav == held.flows + held.realised - held.fees
    fills = await engine.ask(ListFills("main"))
    entries = await engine.ask(ListTransactions("main", symbol="ETH-USD"))
    assert {each.reference for each in entries} == {fill.id for fill in fills}
    assert entry.since is not None
    assert all(fill.as_of is not None and fill.as_of >= entry.since for fill in fills)
    assert all(fill.source == "coinbase" and not fill.marked for fill in fills)


async def place_some(engine: Engine, symbols: Sequence[str], chance: Random) -> int:
    """A bracket, an OCO or a trailing stop in each symbol; how many were taken."""
    taken = 0
    for symbol in symbols:
        price, side = await last(engine, symbol), chance.choice(list(Side))
        sign = 1 if side is Side.buy else -1
        near, far = (price * D(n) / 1000 for n in (chance.randint(1, 9), chance.randint(2, 20)))
        legs = BracketLegs(
            target=(price + near * sign).quantize(D("0.01")),
            stop=(price - far * sign).quantize(D("0.01")),
        )
        if chance.random() < 0.3:
            legs = BracketLegs(
                target=legs.target, trail=Trail(percent=D(chance.randint(1, 9)) / 10)
            )
        limit = (price - near * sign / 3).quantize(D("0.01")) if chance.random() < 0.5 else None
        beside = chance.random() < 0.2
        order = PlaceOrder(
            "main",
            symbol,
            side,
            D(chance.randint(1, 40)),
            OrderType.market if limit is None else OrderType.limit,
            limit,
            time_in_force=chance.choice(list(TimeInForce)),
            short=True,
            bracket=None if beside else legs,
            oco=OtherOrder(type=OrderType.limit, limit=legs.stop) if beside else None,
        )
        try:
            placed = await engine.ask(order)
            taken += len(placed)
        except Conflict as refused:
            assert refused.next
    return taken


async def play_a_day(
    scene: Scene, playing: Playing, symbols: Sequence[str], moments: Sequence[datetime]
) -> None:
    """Place orders at each moment, checking every decimal, and once more when all is over."""
    engine, chance, taken = scene.engine, Random(3), 0
    for moment in moments:
        await playing.until(moment)
        taken += await place_some(engine, symbols, chance)
        await exact_identity(engine, BROUGHT)
    await playing.out()
    await exact_identity(engine, BROUGHT)

    listed = [each.order for each in await engine.ask(ListOrders("main", limit=10_000))]
    fills = await engine.ask(ListFills("main", limit=10_000))
    assert sum(order.state is not OrderState.refused for order in listed) == taken
    filled = sums_of(fills)
    assert {order.id: order.filled for order in listed if order.filled} == filled
    entries = await engine.ask(ListTransactions("main", limit=10_000))
    assert {each.reference for each in entries if each.symbol} == {fill.id for fill in fills}
    states = Counter(order.state for order in listed)
    assert states[OrderState.filled] > len(symbols)
    assert {order.symbol for order in listed if order.filled} == set(symbols)
    exits = {order.id.rpartition(".")[2] for order in listed if order.parent and order.filled}
    assert exits == {"target", "stop"}


async def test_a_made_up_day_of_brackets_in_three_coins_is_exact(
    scene: Scene, tmp_path: Path
) -> None:
    tape = tmp_path / "day.txt"
    made_up_day(tape, SYMBOLS, DAY, 24)
    playing = await Playing.begun(scene.engine, scene.clock, tape, "coinbase")
    await play_a_day(
        scene, playing, SYMBOLS, [DAY + timedelta(minutes=40 * n + 10) for n in range(34)]
    )
    # What is still held can be closed no more: the tape has ended, so the orders wait.
    await scene.engine.ask(FlattenPosition("main"))
    await exact_identity(scene.engine, BROUGHT)


def recorded_bars(
    names: Sequence[str], days: int
) -> list[tuple[datetime, str, tuple[float, ...], float]]:
    """The last hourly bars of some shares, in regular hours."""
    found: list[tuple[datetime, str, tuple[float, ...], float]] = []
    for name in names:
        rows = [row.split(",") for row in recorded.lines(f"2_ohlcv/equity_hour/{name}.csv.gz")]
        dates = sorted({row[0][:10] for row in rows[1:]})[-days:]
        for date, *prices, volume in rows[1:]:
            if date[:10] in dates and date[11:] >= "10:00":
                at = datetime.fromisoformat(date).replace(tzinfo=ZoneInfo("America/New_York"))
                found.append((at, name.upper(), tuple(map(float, prices)), float(volume)))
    return found


async def test_recorded_days_of_brackets_in_three_shares_are_exact(
    scene: Scene, tmp_path: Path
) -> None:
    tape, names = tmp_path / "days.txt", ("aapl", "bac", "spy")
    bars = recorded_bars(names, 5)
    bars_as_tape(tape, bars)
    playing = await Playing.begun(scene.engine, scene.clock, tape, "tio_ticks", 20_000)
    hours = sorted({begin for begin, *_ in bars})
    moments = [begin + timedelta(minutes=20) for begin in hours]
    await play_a_day(scene, playing, [name.upper() for name in names], moments)
