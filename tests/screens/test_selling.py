"""The lots of a sale chosen on PORT, what it realises shown before it is entered."""

from decimal import Decimal

import pytest
import sale_scene as scene
from portfolio_terminal import SIZES, answer, app_on, row, shown
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.errors import SourceUnavailable
from tio.api.ledger import AddTransaction, EditTransaction
from tio.api.sales import LotPart, LotPick, PreviewSale, SellLots
from tio.screens.entry_line import read
from tio.screens.selling import SaleScreen, is_sale, preview_of

from fakes import FakeEngine

D = Decimal


async def opened(pilot: Pilot[None]) -> str:
    """The screen's text once the lots of the position stood on are shown."""
    await shown(pilot)
    await pilot.press("x")
    await until(pilot, lambda: "out of which lots?" in seen(pilot) and "TAKE" in seen(pilot))
    return await at_rest(pilot)


def cells(text: str, lot: str) -> list[str]:
    """What stands in a lot's line."""
    return row(text, f"{lot} ").strip("│ ").split()


def asked(fake: FakeEngine) -> PreviewSale:
    """The sale last looked at."""
    return [each for each in fake.asked if isinstance(each, PreviewSale)][-1]


def entered(fake: FakeEngine) -> list[SellLots]:
    return [each for each in fake.asked if isinstance(each, SellLots)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_tells_the_lots_and_what_the_sale_realises(size: tuple[int, int]) -> None:
    async with app_on(scene.engine()).run_test(size=size) as pilot:
        text = await opened(pilot)
        assert "sell 132 at 212.40 USD" in text
        assert "realised +3,376.80 USD" in text
        assert "short term +1,132.80 · long term +2,244.00" in text
        assert cells(text, "2")[:2] == ["2", "2025-07-08"]
        assert "60" in cells(text, "2")[2:]
        assert "left 0 that cost 0.00 USD" in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_the_age_of_lots_is_told_as_long_or_short_term() -> None:
    async with app_on(scene.engine()).run_test(size=(120, 40)) as pilot:
        text = await opened(pilot)
        assert cells(text, "2")[2:4] == ["500", "long"]
        assert cells(text, "9")[2:4] == ["30", "short"]


async def test_how_much_is_sold_and_each_pick_in_turn() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("n")
        await answer(pilot, "How much is sold altogether", "70")
        await until(pilot, lambda: "sell 70 at" in seen(pilot))
        for pick, words in (
            (LotPick.fifo, "FIFO, held longest"),
            (LotPick.lifo, "LIFO, the newest"),
            (LotPick.hifo, "HIFO, lowest gain"),
            (LotPick.long_term, "long term first"),
            (LotPick.harvest, "losses only"),
        ):
            await pilot.press("f")
            await until(pilot, lambda words=words: words in seen(pilot))  # type: ignore[misc]
            assert asked(fake).pick is pick
            assert asked(fake).quantity == 70
        await until(pilot, lambda: "realised −211.20" in seen(pilot))


async def test_lots_are_taken_by_hand_and_the_gain_follows() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("x")  # None of the first.
        await until(pilot, lambda: "sell 72 at" in seen(pilot))
        await pilot.press("right", "right", "left")
        await until(pilot, lambda: "sell 73 at" in seen(pilot))
        await pilot.press("down", "c")
        await answer(pilot, "Of lot 3, at most 60", "7.5")
        await until(pilot, lambda: "sell 20.5 at" in seen(pilot))
        parts = (LotPart("2", D(1)), LotPart("3", D("7.5")), LotPart("9", D(12)))
        assert asked(fake).parts == parts
        assert "picked by hand" in await at_rest(pilot)


async def test_with_no_lot_taken_nothing_is_sold_and_one_can_go_on() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("x", "down", "x", "down", "x")
        await until(pilot, lambda: "sell 0 at" in seen(pilot))
        assert "realised 0.00" in await at_rest(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "No lot is taken" in seen(pilot))
        await pilot.press("right")
        await until(pilot, lambda: "sell 1 at" in seen(pilot))
        assert asked(fake).parts == (LotPart("9", D(1)),)
        assert not entered(fake)


async def test_another_price_is_another_gain() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("t")
        await answer(pilot, "At what price a unit", "200")
        await until(pilot, lambda: "at 200.00 USD" in seen(pilot))
        assert asked(fake).price == 200
        await pilot.press("t")
        await answer(pilot, "At what price a unit", "cheap")
        await until(pilot, lambda: "cheap is no such figure" in seen(pilot))


async def test_it_is_entered_after_asking_as_it_was_seen() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("n")
        await answer(pilot, "How much is sold altogether", "70")
        await until(pilot, lambda: "sell 70 at" in seen(pilot))
        await pilot.press("enter")
        await answer(pilot, "Sell 70 out of 2 lots, realising +2,468.00?", "n")
        await at_rest(pilot)
        assert not entered(fake)
        await pilot.press("enter")
        await answer(pilot, "Sell 70 out of 2 lots", "y")
        await until(pilot, lambda: "booked as 21, 22" in seen(pilot))
        assert "u undoes it" in seen(pilot)
        assert not isinstance(pilot.app.screen, SaleScreen)
        (sale,) = entered(fake)
        assert sale.parts == (LotPart("2", D(60)), LotPart("3", D(10)))
        assert (sale.price, sale.currency, sale.account) == (D("212.4"), "USD", "")


async def test_what_cannot_be_entered_stays_with_the_reason() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "cannot bear this sale" in seen(pilot))
        assert "lot 9 holds 11" in await at_rest(pilot)
        await pilot.press("end", "left")
        await until(pilot, lambda: "lot 9 holds 11" not in seen(pilot))
        fake.answers[SellLots] = SourceUnavailable("the engine is restarting")
        await pilot.press("enter")
        await answer(pilot, "Sell 131 out of 3 lots", "y")
        await until(pilot, lambda: "The engine is restarting" in seen(pilot))
        assert isinstance(pilot.app.screen, SaleScreen)


async def test_what_is_refused_is_told_and_the_sale_seen_before_stays() -> None:
    async with app_on(scene.engine()).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("n")
        await answer(pilot, "How much is sold altogether", "999")
        await until(pilot, lambda: "999 is more than there is" in seen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "cannot bear this sale" in seen(pilot))


async def test_the_lots_of_a_sale_that_is_typed_are_chosen() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "What happened in main?" in seen(pilot))
        assert "its lots" not in seen(pilot)
        await pilot.press(*("s", "e", "l", "l", "space", "4", "space", *"AAPL"))
        await until(pilot, lambda: "ctrl+l its lots" in seen(pilot))
        await pilot.press(*("space", *"201", "space", *"note", "space", *"mine"), "ctrl+l")
        await until(pilot, lambda: "sell 4 at 201.00 USD" in seen(pilot))
        assert asked(fake).quantity == 4
        await pilot.press("enter")
        await answer(pilot, "Sell 4 out of lot 2", "y")
        await until(pilot, lambda: "booked as 21" in seen(pilot))
        (sale,) = entered(fake)
        assert (sale.note, sale.parts) == ("mine", (LotPart("2", D(4)),))
        assert not [each for each in fake.asked if isinstance(each, AddTransaction)]


async def test_the_lots_of_a_sale_that_is_changed_are_chosen_in_its_place() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot)
        assert "sell" in text
        await pilot.press("tab")
        lines = [line for line in text.splitlines() if line.lstrip("│ ")[:1].isdigit()]
        at = next(n for n, line in enumerate(lines) if " sell " in line)
        await pilot.press(*["down"] * at, "c")
        await until(pilot, lambda: "Entry 4" in seen(pilot))
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "in place of 4" in seen(pilot))
        await until(pilot, lambda: "sell 40 at 205.10 USD, fee 1.00" in seen(pilot))
        assert (asked(fake).replaces, asked(fake).fee) == ("4", D(1))
        await pilot.press("escape")
        await shown(pilot)
        assert not [each for each in fake.asked if isinstance(each, EditTransaction)]


async def test_discreet_hides_quantities_and_gains() -> None:
    async with app_on(scene.engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("z", "x")
        await until(pilot, lambda: "TAKE" in seen(pilot))
        text = await at_rest(pilot)
        assert "3,376.80" not in text
        assert "10,500" not in text
        assert "212.40" in text
        await pilot.press("end", "left")
        await until(pilot, lambda: "by hand" in seen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "realising" in seen(pilot))
        assert "131" not in await at_rest(pilot)


async def test_off_a_position_nothing_is_sold() -> None:
    fake = scene.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("end", "x")
        await at_rest(pilot)
        assert not entered(fake)


def test_a_line_becomes_the_sale_it_tells() -> None:
    told = read("sell 4 AAPL 201.50 lot 12 fee 1 account ira 2026-11-02")
    assert preview_of("main", told) == PreviewSale(
        *("main", "AAPL", D(4), D("201.50")),
        fee=D(1),
        date="2026-11-02",
        account="ira",
        parts=(LotPart("12", D(4)),),
    )
    assert is_sale("sell 4")
    assert not is_sale("buy 4 AAPL 1")
    assert not is_sale("")
