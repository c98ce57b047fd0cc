"""PORT: what is held at every size, live; lots and entries below; keys that book and undo."""

from decimal import Decimal
from pathlib import Path

import portfolio_scene as scene
import pytest
import screen_market as market
from msgspec.structs import replace
from portfolio_terminal import SIZES, answer, app_on, row, shown
from waiting import at_rest, seen, until

from tio.api.errors import SourceUnavailable
from tio.api.explained import ExplainFigure, Explanation, Part
from tio.api.ledger import (
    AddTransaction,
    CreatePortfolio,
    EditTransaction,
    GetLots,
    GetPositions,
    ListPortfolios,
    Positions,
    RemoveTransaction,
    UndoTransaction,
)
from tio.api.performance import GetPerformance
from tio.api.portfolio import Holdings, LotRule, TransactionKind
from tio.api.system import SaveSetting
from tio.screens.stage import stage
from tio.screens.widgets.book_pane import BookPane
from tio.screens.widgets.positions_pane import PositionsPane

D = Decimal


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_tells_what_is_held_and_what_it_is_worth(size: tuple[int, int]) -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=size) as pilot:
        text = await shown(pilot)
        assert "portfolio · main · USD" in text
        assert "NAV ~71,766.37 1% stale" in text
        assert "25,488.00" in row(text, "AAPL")
        assert "▲ +17.67%" in row(text, "AAPL")
        assert "▼ −3.94%" in row(text, "NVDA")
        assert "last price, regular or extended" in text
        assert "2026-01-04" in text  # the first lot's day
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_stale_prices_are_marked_where_they_stand() -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=(120, 40)) as pilot:
        line = row(await shown(pilot), "VOD.LSE")
        assert "~0.7132" in line
        assert "~808.77" in line
        assert "GBP" in line


async def test_cash_and_the_total_come_last() -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot)
        lines = text.splitlines()
        assert "12,004.80" in row(text, "cash USD")
        assert "1.0841" in row(text, "cash EUR")
        assert lines.index(row(text, "total USD")) > lines.index(row(text, "cash EUR"))
        assert "~71,766.37" in row(text, "total USD")


async def test_at_width_the_gain_is_told_by_price_and_by_currency() -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=(250, 60)) as pilot:
        text = await shown(pilot)
        assert "BY PRICE" in text
        assert "BY CURRENCY" in text


async def test_a_worth_that_cannot_be_told_says_for_want_of_what() -> None:
    held = replace(scene.HELD, nav=None, unrealised=None, day_change=None, lacks=("VOD.LSE",))
    async with app_on(scene.engine(scene.MAIN, held=held)).run_test(size=(80, 24)) as pilot:
        text = await shown(pilot)
        assert "NAV ~–" in text or "NAV –" in text
        assert "Not known for want of a price or rate: VOD.LSE" in text


async def test_a_new_worth_is_shown_and_the_ledger_asked_again_only_when_it_changed() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        before = len([each for each in fake.asked if isinstance(each, GetLots)])
        fake.push(Positions, replace(scene.HELD, nav=D("80000.01")))
        await shown(pilot, "80,000.01")
        assert len([each for each in fake.asked if isinstance(each, GetLots)]) == before
        fake.push(Positions, replace(scene.HELD, nav=D("80000.02"), realised=D(5)))
        await shown(pilot, "80,000.02")
        assert len([each for each in fake.asked if isinstance(each, GetLots)]) == before + 1


async def test_rows_stay_where_they_are_while_prices_move() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        dearer = replace(scene.POSITIONS[2], value=D(99999))
        moved = (*scene.POSITIONS[:2], dearer, *scene.POSITIONS[3:])
        fake.push(Positions, replace(scene.HELD, positions=moved))
        lines = (await shown(pilot, "99,999.00")).splitlines()
        assert lines.index(row("\n".join(lines), "NVDA")) > lines.index(
            row("\n".join(lines), "BTC-USD")
        )


async def test_choosing_a_row_makes_it_the_current_symbol_and_fills_the_pane_below() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("down")
        await shown(pilot, "BTC-USD · lots")
        assert stage(pilot.app.screen).symbol == "BTC-USD"
        await pilot.press("up")
        text = await shown(pilot)
        assert "+2,243.40" in text  # the first lot's part of the position's value, less its cost
        assert "dividend" in text


async def test_v_shows_entries_the_ledger_changes_and_gains() -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("v")
        await shown(pilot, "AAPL · entries")
        await pilot.press("v")
        assert "70,000.00" in await shown(pilot, " ledger · main")
        await pilot.press("v")
        assert "undo 3: buy 8 TSLA" in await shown(pilot, " changes ")
        await pilot.press("v")
        text = await shown(pilot, " realised gains ")
        assert "+1,202.60" in row(text, "2026 ")
        assert "−80.10" in row(text, "2024 ")
        assert "no tax report" in text


async def test_a_books_what_is_typed_and_says_so() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        await pilot.press("a")
        await answer(pilot, "What happened in main?", "buy 10 AAPL 187.20 fee 1 2026-11-02")
        await until(pilot, lambda: "booked as 8" in seen(pilot))
        asked = next(each for each in fake.asked if isinstance(each, AddTransaction))
        assert asked == AddTransaction(
            "main",
            TransactionKind.buy,
            "2026-11-02",
            "AAPL",
            quantity=D(10),
            price=D("187.20"),
            fee=D(1),
        )
        assert "buy 10 AAPL at 187.20" in seen(pilot)


async def test_an_entry_without_a_date_is_of_the_engines_now() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        await pilot.press("a")
        await answer(pilot, "What happened in main?", "deposit 5000")
        await until(pilot, lambda: any(isinstance(each, AddTransaction) for each in fake.asked))
        asked = next(each for each in fake.asked if isinstance(each, AddTransaction))
        assert asked.date == market.NOW.isoformat()


async def test_a_line_that_cannot_be_read_stays_to_be_mended() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        await pilot.press("a")
        await answer(pilot, "What happened in main?", "byu 10 AAPL 187.20")
        await until(pilot, lambda: "Did you mean buy?" in seen(pilot))
        assert "byu 10 AAPL 187.20" in seen(pilot)
        assert not [each for each in fake.asked if isinstance(each, AddTransaction)]


async def test_an_entry_the_ledger_refuses_stays_to_be_mended_with_the_reason() -> None:
    fake = scene.engine(scene.MAIN)
    fake.answers[AddTransaction] = scene.refused("40 AAPL are not held on 2026-11-02")
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        await pilot.press("a")
        await answer(pilot, "What happened in main?", "sell 40 AAPL 200")
        await until(pilot, lambda: "40 AAPL are not held" in seen(pilot))
        assert "sell 40 AAPL 200" in seen(pilot)


async def test_c_changes_the_entry_stood_on_and_asks_for_what_differs_alone() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("tab", "c")
        await until(pilot, lambda: "buy 100 AAPL 175 USD fee 1" in seen(pilot))
        await answer(pilot, "Entry 2", "buy 100 AAPL 176 USD fee 1")
        await until(pilot, lambda: "2 is now: buy 100 AAPL at 176.00 USD" in seen(pilot))
        asked = next(each for each in fake.asked if isinstance(each, EditTransaction))
        assert asked == EditTransaction("main", "2", price=D(176))


async def test_an_entry_left_as_it_was_is_not_edited() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "buy 100 AAPL 175 USD" in seen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "2 is as it was" in seen(pilot))
        assert not [each for each in fake.asked if isinstance(each, EditTransaction)]


@pytest.mark.parametrize(("said", "gone"), [("y", True), ("n", False)])
async def test_an_entry_is_removed_only_after_asking(said: str, gone: bool) -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("tab", "delete")
        await answer(pilot, "Remove? y or n · buy 100 AAPL", said)
        await until(pilot, lambda: "Remove?" not in seen(pilot))
        await at_rest(pilot)
        assert (RemoveTransaction("main", "2") in fake.asked) is gone


async def test_u_says_which_change_is_the_newest_and_takes_it_back() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("u")
        await answer(pilot, "Undo 5? y or n · fee 12.50 USD", "y")
        await until(pilot, lambda: "change 5 is undone" in seen(pilot))
        assert UndoTransaction("main", 5) in fake.asked


async def test_u_on_a_change_takes_that_one_back() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("v", "v", "v")
        await shown(pilot, "undo 3: buy 8 TSLA")
        await pilot.press("tab", "down", "u")
        await answer(pilot, "Undo 4? y or n · undo 3: buy 8 TSLA", "y")
        await until(pilot, lambda: UndoTransaction("main", 4) in fake.asked)
        await pilot.press("down", "u")
        await until(pilot, lambda: "3 is undone already, by 4" in seen(pilot))


async def test_w_shows_what_another_rule_would_have_made_of_it_and_says_so() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("w")
        text = await shown(pilot, "main · USD · WHAT-IF lifo")
        assert "+999.99" in text
        assert GetPositions("main", lots=LotRule.lifo) in fake.asked
        assert GetLots("main", "AAPL", lots=LotRule.lifo) in fake.asked
        await pilot.press("w", "w", "w")
        await until(pilot, lambda: "+1,204.10" in seen(pilot))
        assert "WHAT-IF" not in seen(pilot)


async def test_z_hides_every_amount_and_is_remembered() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        for _ in range(5):
            await pilot.press("v")
            await at_rest(pilot)
            await pilot.press("z")
            text = await shown(pilot, "•••")
            for amount in ("25,488", "71,766", "1,204.10", "12,004", "100 AAPL", "1,202.60"):
                assert amount not in text
            assert "▲ +17.67%" in text
            await pilot.press("z")
            await at_rest(pilot)
        await pilot.press("z")
        kept = [each for each in fake.asked if isinstance(each, SaveSetting)]
        assert kept[-1] == SaveSetting(key="portfolio.discreet", value='"on"')
        await pilot.press("y")
        await until(pilot, lambda: "copied: AAPL" in seen(pilot))
        assert "25488" not in seen(pilot)


async def test_p_shows_the_next_portfolio_and_it_is_remembered() -> None:
    fake = scene.engine(scene.MAIN, scene.SECOND)
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "main (1/2)")
        await pilot.press("p")
        text = await shown(pilot, "savings (2/2) · EUR")
        assert "a adds one" in text
        assert SaveSetting(key="portfolio.shown", value='"savings"') in fake.asked


async def test_without_a_portfolio_it_says_how_to_make_one_and_n_makes_it() -> None:
    fake = scene.engine(held=Holdings(portfolio="other", currency="EUR", at=market.NOW))
    async with app_on(fake).run_test(size=(60, 20)) as pilot:
        await shown(pilot, "No portfolio yet: n makes one")
        await pilot.press("a")
        await until(pilot, lambda: "n makes one." in seen(pilot))
        await pilot.press("n")
        await answer(pilot, "Name and currency", "long term EUR")
        text = await shown(pilot, "portfolio · long term · EUR")
        assert "No entries: a adds one" in text
        assert CreatePortfolio("long term", "EUR", zone="UTC") in fake.asked


async def test_an_engine_that_cannot_tell_is_words_in_the_pane() -> None:
    fake = scene.engine(scene.MAIN)
    fake.answers[ListPortfolios] = SourceUnavailable("the engine left")
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "The engine left")


async def test_a_row_opened_is_its_chart() -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: pilot.app.current_mode == "chart")
        assert stage(pilot.app.screen).symbol == "BTC-USD"


async def test_the_receipt_and_the_table_hold_what_is_shown() -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        above = pilot.app.screen.query_one(PositionsPane)
        assert above.receipt().startswith("AAPL 120 at 212.4 USD = 25488.0 USD, unrealised 3828.0")
        name, rows = above.table()
        assert (name, len(rows)) == ("main-positions", 7)
        below = pilot.app.screen.query_one(BookPane)
        assert below.receipt().startswith("lot 2 of AAPL: 60 for 10500.60 USD")
        name, rows = below.table()
        assert name == "main-entries"
        assert "AAPL" in rows[1]


async def test_e_writes_what_is_shown_to_a_file(tmp_path: Path) -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("e")
        await until(pilot, lambda: "main-positions.csv" in seen(pilot))
        await pilot.press("escape")


async def test_a_click_stands_on_what_is_clicked() -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot)
        y = next(at for at, line in enumerate(text.splitlines()) if line.startswith("│ NVDA"))
        await pilot.click(offset=(5, y))
        await shown(pilot, "NVDA · lots")
        assert stage(pilot.app.screen).symbol == "NVDA"


async def test_a_symbol_chosen_elsewhere_is_stood_on_where_it_is_held() -> None:
    async with app_on(scene.engine(scene.MAIN)).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        stage(pilot.app.screen).symbol = "NVDA"
        await shown(pilot, "NVDA · lots")
        stage(pilot.app.screen).symbol = "SPY"
        assert "NVDA · lots" in await at_rest(pilot)


async def test_coming_back_shows_what_was_booked_meanwhile() -> None:
    fake = scene.engine(scene.MAIN)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("1")
        await until(pilot, lambda: pilot.app.current_mode == "desk")
        fake.topics[Positions] = replace(scene.HELD, nav=D("80000.01"))
        await pilot.press("6")
        await shown(pilot, "80,000.01")


async def test_performance_is_a_view_and_b_compares_it_with_a_benchmark() -> None:
    fake = scene.engine(scene.MAIN)
    fake.answers[GetPerformance] = lambda asked: replace(
        scene.PERFORMANCE,
        benchmark=asked.benchmark,
        benchmark_return=0.1 if asked.benchmark else None,
    )
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("b")
        await until(pilot, lambda: "Compare performance with" in seen(pilot))
        await pilot.press(*"spy", "enter")
        text = await shown(pilot, "time-weighted")
        assert "performance" in text
        assert GetPerformance("main", benchmark="SPY") in fake.asked
        assert "SPY" in text
        assert "+10.00%" in text
        await pilot.press("v", "v", "v", "v", "v")
        assert "lots and entries" in await shown(pilot, "lots and entries")


async def test_f1_opens_figure_after_figure_into_what_it_is_made_of() -> None:
    fake = scene.engine(scene.MAIN)
    part = Part(label="AAPL lot 3", value=D("12.5"), working="5 × 2.5", entry="3", source="yahoo")
    fake.answers[ExplainFigure] = lambda asked: Explanation(
        figure=asked.figure,
        value=D("12.5"),
        currency="USD",
        rule="quantity × price × rate",
        parts=(part,),
        at=market.NOW,
    )
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("f1")
        text = await shown(pilot, "value of AAPL · where it comes from")
        assert "quantity × price × rate." in text
        assert row(text, "AAPL lot 3").split()[4:9] == ["+12.50", "5", "×", "2.5", "3"]
        assert "+12.50" in row(text, "sum")
        await pilot.press("f1")
        await shown(pilot, "unrealised of AAPL")
        assert ExplainFigure("main", "unrealised:AAPL") in fake.asked
        await pilot.press("v")
        assert "AAPL · lots" in await shown(pilot)
