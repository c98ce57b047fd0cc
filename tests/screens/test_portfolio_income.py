"""PORT's income and proposals at every size; keys that book, dismiss and take that back."""

from typing import Any

import portfolio_scene as scene
import pytest
from income_scene import INCOME, PROPOSALS
from msgspec.structs import replace
from portfolio_terminal import SIZES, answer, app_on, row, shown
from textual.pilot import Pilot
from waiting import at_rest

from tio.api.errors import Conflict
from tio.api.income import GetIncome
from tio.api.ledger import Change
from tio.api.proposals import ConfirmProposals, DismissProposals, ListProposals
from tio.screens.shown_portfolio import View
from tio.screens.widgets.book_pane import BookPane

from fakes import FakeEngine


def engine() -> FakeEngine:
    fake = scene.engine(scene.MAIN)
    fake.answers |= {
        GetIncome: INCOME,
        ListProposals: PROPOSALS,
        ConfirmProposals: Change(number=7, what="", entries=1, made_at=scene.BEGUN),
        DismissProposals: PROPOSALS,
    }
    return fake


async def turned(pilot: Pilot[None], title: str) -> str:
    """The view of that name, with the ledger's pane stood in."""
    await shown(pilot)
    views: list[View] = [view for view in View if view is not View.explained]
    await pilot.press("tab", *"v" * views.index(View(title)))
    assert pilot.app.screen.query_one(BookPane).shown.view is View(title)
    return await at_rest(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_tells_what_came_in_and_what_may(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await turned(pilot, "income")
        assert "12 months gross 26.40" in text
        line = next(line for line in text.splitlines() if "2025-08" in line)
        assert "█" in line
        assert "60.00" in line
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_what_is_estimated_is_marked_and_says_why() -> None:
    async with app_on(engine()).run_test(size=(200, 60)) as pilot:
        text = await turned(pilot, "income")
        assert "announced by nasdaq" in row(text, "2026-12-12")
        estimated = row(text, "2027-02-11")
        assert "~26.40" in estimated
        assert "as on 2026-02-11" in estimated
        assert "not known: no source tells payments of VOD.LSE" in text
        assert "0.12%" in text


async def test_without_income_it_says_so() -> None:
    fake = engine()
    fake.answers[GetIncome] = replace(INCOME, months=(), symbols=(), expected=(), ahead=())
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        text = await turned(pilot, "income")
        assert "No dividend, coupon or interest is in the ledger yet." in text


@pytest.mark.parametrize("size", SIZES)
async def test_the_title_counts_proposals_and_the_view_tells_them(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await turned(pilot, "proposals")
        assert "2 proposals" in text
        assert "10 Nov" in text or "2026-11-10" in text
        assert "cannot be booked" in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_below_stand_the_dismissed_the_doubled_and_the_untold() -> None:
    async with app_on(engine()).run_test(size=(200, 60)) as pilot:
        text = await turned(pilot, "proposals")
        assert "dismissed · dividend of 31.20 USD" in text
        assert "doubled: 9 and 6 are the same dividend of AAPL" in text
        assert "No source tells the events of VOD.LSE." in text


@pytest.mark.parametrize(
    ("moves", "key", "question", "asked"),
    [
        (("j",), "enter", "Book?", ConfirmProposals("main", ("dividend:AAPL:2026-11-10",))),
        (
            ("j",),
            "delete",
            "Dismiss it?",
            DismissProposals("main", ("dividend:AAPL:2026-11-10",)),
        ),
        (
            ("j", "j"),
            "delete",
            "Propose it again?",
            DismissProposals("main", ("dividend:AAPL:2026-08-10",), restore=True),
        ),
    ],
)
async def test_what_is_proposed_is_booked_or_dismissed_after_asking(
    moves: tuple[str, ...], key: str, question: str, asked: Any
) -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await turned(pilot, "proposals")
        await pilot.press(*moves, key)
        await answer(pilot, question, "y")
        await at_rest(pilot)
        assert asked in fake.asked


async def test_what_cannot_be_booked_says_why_and_asks_nothing() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await turned(pilot, "proposals")
        await pilot.press("enter")
        assert "It cannot be booked: a sale of" in await shown(pilot, "It cannot be booked")
        assert not [each for each in fake.asked if isinstance(each, ConfirmProposals)]


async def test_nothing_proposed_is_said() -> None:
    fake = engine()
    fake.answers[ListProposals] = replace(PROPOSALS, proposals=(), dismissed=(), doubles=())
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        text = await turned(pilot, "proposals")
        assert "Nothing is proposed" in text
        assert "proposals ·" not in text.splitlines()[1]


async def test_what_is_refused_is_said() -> None:
    fake = engine()
    fake.answers[ConfirmProposals] = Conflict("it is in the ledger already", "look again")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await turned(pilot, "proposals")
        await pilot.press("j", "enter")
        await answer(pilot, "Book?", "y")
        await shown(pilot, "It is in the ledger already")


async def test_discreet_hides_amounts() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await turned(pilot, "income")
        await pilot.press("z")
        text = await shown(pilot, "•••")
        assert "26.40" not in text
        assert "60.00" not in text
