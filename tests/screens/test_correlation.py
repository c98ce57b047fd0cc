"""CORR: the map at every size, a crosshair told in words, keys that choose what is compared."""

from datetime import UTC, datetime
from itertools import product

import portfolio_scene as scene
import pytest
import screen_market as market
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine
from tio.api.errors import NotFound
from tio.api.ledger import ListPortfolios
from tio.api.market import Timeframe
from tio.api.risk import CorrelationMatrix, CorrelationMethod, GetCorrelation
from tio.api.watchlists import ListWatchlists, Watchlist, Watchlists
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.correlation import CorrelationPane

from fakes import FakeClock, FakeEngine

SYMBOLS = tuple(market.PRICES)
SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]


def matrix(asked: GetCorrelation) -> CorrelationMatrix:
    """Every other symbol like the first, the rest against it; ordered by that."""
    count = len(asked.symbols)
    values = [
        [1.0 if i == j else 0.6 if (i + j) % 2 == 0 else -0.3 for j in range(count)]
        for i in range(count)
    ]
    return CorrelationMatrix(
        symbols=asked.symbols,
        timeframe=asked.timeframe,
        method=asked.method,
        window=asked.window,
        values=tuple(map(tuple, values)),
        counts=tuple((asked.window,) * count for _ in range(count)),
        order=(*range(0, count, 2), *range(1, count, 2)),
        mean=0.1,
        start=datetime(2025, 11, 3, tzinfo=UTC),
        end=datetime(2026, 11, 20, tzinfo=UTC),
        notes=("NVDA is not adjusted: a split or dividend looks like a fall",),
    )


def engine() -> FakeEngine:
    fake = scene.engine(scene.MAIN)
    fake.answers[GetCorrelation] = matrix
    fake.answers[ListWatchlists] = (Watchlist("main", SYMBOLS),)
    return fake


def app_on(fake: FakeEngine) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"))
    return TioApp(open_engine, config=config, clock=FakeClock(), command="CORR")


async def shown(pilot: Pilot[None], words: str = "ρ ") -> str:
    """The screen's text once the words stand on CORR and it has come to rest."""
    await until(pilot, lambda: pilot.app.screen.query(CorrelationPane) and words in seen(pilot))
    return await at_rest(pilot)


def asked(fake: FakeEngine) -> list[GetCorrelation]:
    return [word for word in fake.asked if isinstance(word, GetCorrelation)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_the_map_and_the_pair_in_words(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await shown(pilot)
        assert "BTC-USD and SPY: ρ +0.60 · 250 returns" in text
        assert "mean +0.10" in text
        assert "correlation · watchlist" in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_like_stand_beside_like() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        rows = (await shown(pilot)).splitlines()
        names = [
            row.split()[2] for row in rows if row.startswith("│") and row[2:4].strip().isdigit()
        ]
        symbols = [*SYMBOLS]
        assert names == [*symbols[::2], *symbols[1::2]]


async def test_the_crosshair_moves_and_stays_in_sight() -> None:
    async with app_on(engine()).run_test(size=(60, 20)) as pilot:
        await shown(pilot)
        await pilot.press("end")
        text = await shown(pilot, "TSLA with itself")
        assert any(line.startswith("│ 10 TSLA") for line in text.splitlines())
        await pilot.press("home")
        await shown(pilot, "BTC-USD with itself")


async def test_keys_choose_method_window_and_timeframe_and_it_is_asked_again() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("c")
        await shown(pilot, "spearman · 250 × 1d")
        await pilot.press("w")
        await shown(pilot, "spearman · 500 × 1d")
        await pilot.press("left_square_bracket")
        await shown(pilot, "spearman · 500 × 4h")
        await until(
            pilot,
            lambda: (
                (asked(fake)[-1].method, asked(fake)[-1].window, asked(fake)[-1].timeframe)
                == (CorrelationMethod.spearman, 500, Timeframe.h4)
            ),
        )


async def test_the_longest_timeframe_is_the_last() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        await shown(pilot, "× 1w")


async def test_u_compares_what_the_portfolio_holds() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("u")
        await shown(pilot, "correlation · portfolio")
        held = tuple(each.symbol for each in scene.POSITIONS)
        await until(pilot, lambda: asked(fake)[-1].symbols == held)


async def test_another_method_leaves_the_crosshair_on_its_pair() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("down", "right", "right")
        before = await shown(pilot, "SPY · ")
        pair = next(line for line in before.splitlines() if "ρ" in line).partition("·")[0]
        await pilot.press("c")
        assert pair in await shown(pilot, "spearman · 250 × 1d")


async def test_a_click_moves_the_crosshair() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot)
        rows = text.splitlines()
        y = next(n for n, row in enumerate(rows) if row.startswith("│  3 "))
        x = (
            rows[1 + next(n for n, row in enumerate(rows) if "correlation ·" in row)].index(" 5")
            + 1
        )
        await pilot.click(offset=(x, y))
        pane = pilot.app.screen.query_one(CorrelationPane)
        symbols = [*SYMBOLS]
        ordered = [*symbols[::2], *symbols[1::2]]
        await shown(pilot, f"{ordered[2]} · {ordered[4]}")
        assert pane.receipt().startswith(f"{ordered[2]} and {ordered[4]}: ρ +0.60")


async def test_a_refusal_is_a_sentence_in_the_pane() -> None:
    fake = engine()
    fake.answers[GetCorrelation] = NotFound("no 1d bars of SPY are known", "fill them")
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "No 1d bars of SPY are known.")


@pytest.mark.parametrize(
    ("of", "words"),
    [("watchlist", "fewer than two symbols"), ("portfolio", "There is no portfolio yet")],
)
async def test_too_little_to_compare_says_where_more_is(of: str, words: str) -> None:
    fake = engine()
    fake.topics[Watchlists] = fake.answers[ListWatchlists] = (Watchlist("main", ("SPY",)),)
    fake.answers[ListPortfolios] = ()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot, "fewer than two symbols")
        if of == "portfolio":
            await pilot.press("u")
            text = await shown(pilot, words)
        assert words in text


async def test_the_table_and_the_picture_hold_the_matrix() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        pane = pilot.app.screen.query_one(CorrelationPane)
        name, rows = pane.table()
        symbols = SYMBOLS
        assert name == "correlation-watchlist"
        assert rows[0] == ("symbol", *symbols)
        assert all(rows[i + 1][j + 1] is not None for i, j in product(range(3), range(3)))
        assert "<svg" in pane.picture()
