"""What every engine promises of risk, in this process and across the socket."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from both_engines import Afternoon
from msgspec.structs import replace

from tio.api.contract import Engine
from tio.api.errors import Invalid, NotFound
from tio.api.files import ImportBars
from tio.api.market import GetBars, Timeframe
from tio.api.risk import (
    CorrelationMethod,
    GetCorrelation,
    SizePosition,
    SizingMethod,
)
from tio.api.series import EPOCH, instant
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths
from tio.wire.client import RemoteEngine
from tio.wire.server import Server
from tio.wire.socket_door import Door

ACME, BITCOIN, THIRD = "SIM:ACME", "SIM:BTC-USD", "SIM:EURUSD"
DAYS = np.arange("2025-01-01", "2025-07-01", dtype="datetime64[D]")


async def _opened(kind: str, workspace: str, config: Config) -> AsyncIterator[Engine]:
    local = LocalEngine(Paths.find().workspace(workspace), config, wall=Afternoon())
    await local.start()
    try:
        if kind == "local":
            yield local.session()
            return
        server = Server(local, Door.open(local.place.socket))
        await server.start()
        remote = await RemoteEngine.open(local.place.socket)
        yield remote
        await remote.close()
        await server.close()
    finally:
        await local.close()


@pytest.fixture(params=["local", "remote"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    async for each in _opened(request.param, "demo", Config(demo=Demo(symbols=6, rate=50.0))):
        yield each


@pytest.fixture(params=["local", "remote"])
async def main(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    """An engine of files alone."""
    async for each in _opened(request.param, "main", Config()):
        yield each


def wrote(folder: Path, symbol: str, days: np.ndarray, close: np.ndarray) -> ImportBars:
    path = folder / f"{symbol}.csv"
    rows = [
        f"{day},{price:.6f},{price:.6f},{price:.6f},{price:.6f},1"
        for day, price in zip(days, close, strict=True)
    ]
    path.write_text("time,open,high,low,close,volume\n" + "\n".join(rows) + "\n")
    return ImportBars(str(path), symbol, Timeframe.d1)


async def test_a_matrix_tells_every_pair_and_an_order(engine: Engine) -> None:
    bars = await engine.ask(GetBars(ACME, Timeframe.m1, limit=2))
    assert bars.symbol == ACME
    told = await engine.ask(GetCorrelation((ACME, BITCOIN, THIRD), Timeframe.m1, window=60))
    assert told.symbols == (ACME, BITCOIN, THIRD)
    assert [row[n] for n, row in enumerate(told.values)] == [1.0, 1.0, 1.0]
    assert told.values[0][1] == told.values[1][0]
    assert sorted(told.order) == [0, 1, 2]
    assert told.counts[0][1] == 60
    assert told.start is not None
    assert told.end is not None
    assert told.start < told.end


@pytest.mark.parametrize("method", list(CorrelationMethod))
async def test_every_method_answers(engine: Engine, method: CorrelationMethod) -> None:
    told = await engine.ask(GetCorrelation((ACME, BITCOIN, THIRD), Timeframe.m1, 60, method))
    assert told.method is method
    assert all(value is not None and -1 <= value <= 1 for row in told.values for value in row)
    assert (told.shrinkage is not None) == (method is CorrelationMethod.shrunk)


async def test_two_symbols_are_told_over_time(engine: Engine) -> None:
    told = await engine.ask(GetCorrelation((ACME, BITCOIN), Timeframe.m1, 60, rolling=20))
    assert told.rolling is not None
    assert len(told.rolling.time) == len(told.rolling.values) == 41
    whole = await engine.ask(GetCorrelation((ACME, BITCOIN), Timeframe.m1, 20))
    if whole.end == told.end:
        assert told.rolling.values[40] == pytest.approx(whole.values[0][1])


async def test_a_market_that_never_closes_is_compared_on_the_others_days(
    main: Engine, tmp_path: Path
) -> None:
    steps = np.random.default_rng(1).normal(0, 0.01, len(DAYS))
    walk = 100 * np.exp(np.cumsum(steps))
    work = np.is_busday(DAYS)
    await main.ask(wrote(tmp_path, "BTC-USD", DAYS, walk))
    await main.ask(wrote(tmp_path, "AAPL", DAYS[work], 2 * walk[work]))
    told = await main.ask(GetCorrelation(("AAPL", "btc-usd"), window=60))
    assert told.counts == ((60, 60), (60, 60))
    assert told.values[0][1] == pytest.approx(1.0)
    assert told.notes == ("AAPL is not adjusted: a split or dividend looks like a fall",)
    first = DAYS[work][-61].astype("datetime64[us]").astype(np.int64)
    assert told.start is not None
    assert instant(told.start) - instant(EPOCH) == first


async def test_young_pairs_say_how_little_they_share(main: Engine, tmp_path: Path) -> None:
    steps = np.random.default_rng(2).normal(0, 0.01, (3, len(DAYS)))
    walks = 100 * np.exp(np.cumsum(steps, axis=1))
    await main.ask(wrote(tmp_path, "BTC-USD", DAYS, walks[0]))
    await main.ask(wrote(tmp_path, "ETH-USD", DAYS[-40:], walks[1][-40:]))
    await main.ask(wrote(tmp_path, "SOL-USD", DAYS[:50], walks[2][:50]))
    told = await main.ask(GetCorrelation(("BTC-USD", "ETH-USD", "SOL-USD"), window=100))
    assert (told.counts[0][1], told.counts[0][2], told.counts[1][2]) == (39, 49, 0)
    assert told.values[1][2] is None
    assert told.notes == (
        "ETH-USD and SOL-USD share no bars of 1d",
        "of 100 returns asked for pairs share 0 to 49",
    )


async def test_a_symbol_without_bars_is_left_out_and_told(main: Engine, tmp_path: Path) -> None:
    walks = 100 * np.exp(
        np.cumsum(np.random.default_rng(3).normal(0, 0.01, (2, len(DAYS))), axis=1)
    )
    await main.ask(wrote(tmp_path, "BTC-USD", DAYS, walks[0]))
    await main.ask(wrote(tmp_path, "ETH-USD", DAYS, walks[1]))
    weekly = wrote(tmp_path, "SOL-USD", DAYS[::7], walks[0][::7])
    await main.ask(replace(weekly, timeframe=Timeframe.w1))
    told = await main.ask(GetCorrelation(("BTC-USD", "SOL-USD", "ETH-USD"), window=100))
    assert told.symbols == ("BTC-USD", "ETH-USD")
    assert "SOL-USD is left out: it has no 1d bars" in told.notes
    with pytest.raises(NotFound, match="SOL-USD"):
        await main.ask(GetCorrelation(("BTC-USD", "SOL-USD")))


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (GetCorrelation((ACME, ACME)), Invalid, "SIM:ACME is named twice"),
        (GetCorrelation((ACME, "NOPE:X")), NotFound, "NOPE:X"),
        (GetCorrelation((ACME, BITCOIN, THIRD), rolling=20), Invalid, "of two symbols, were 3"),
        (GetCorrelation((ACME, BITCOIN), window=50, rolling=51), Invalid, "3 to the window of 50"),
        (GetCorrelation((ACME, BITCOIN), window=2), Invalid, "Expected `int` >= 3"),
        (GetCorrelation((ACME,)), Invalid, "of length >= 2"),
        (SizePosition(Decimal(100), Decimal(5)), Invalid, "sizing by risk needs a stop"),
    ],
)
async def test_what_cannot_be_told_is_said_in_a_sentence(
    engine: Engine, asked: GetCorrelation, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        await engine.ask(asked)


async def test_a_position_is_sized_to_the_last_digit(engine: Engine) -> None:
    told = await engine.ask(
        SizePosition(
            equity=Decimal("25000.10"),
            entry=Decimal("0.1"),
            stop=Decimal("0.07"),
            risk_percent=Decimal(1),
            lot=Decimal("0.01"),
        )
    )
    assert told.quantity == Decimal("8333.36")
    assert told.risk == Decimal("250.0008")
    assert told.limited_by == SizingMethod.risk
