"""IDEA: cards at every size, written, taken with the same key twice, given up; their record."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import screen_market as market
from idea_cards import AT, D, idea, plan, score
from msgspec.structs import replace
from paper_orders import ORDER, STOP, TICKET
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.chats import ChipKind
from tio.api.contract import Engine, Request
from tio.api.errors import Conflict
from tio.api.ideas import (
    CloseIdea,
    Evidence,
    GetIdeaRecord,
    IdeaRecord,
    ListedIdea,
    ListIdeas,
    PreviewIdea,
    RecordBy,
    SaveIdea,
    TakeIdea,
)
from tio.api.ledger import ListPortfolios
from tio.api.market import Side
from tio.api.portfolio import Portfolio
from tio.api.trading import GetTicket, OrderPreview
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.idea_card import CardPane
from tio.screens.ideas import IdeasPane

from fakes import FakeClock, FakeEngine

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
FACT = Evidence(text="sales grew", figure="12 %", source="10-Q")
FIRST = plan(entry="187.20", stop="183", target="195", thesis="it holds", evidence=(FACT,))
PLANS = (FIRST, replace(FIRST, stop=D(184), at=AT + timedelta(hours=1)))
CARD = idea("i2", symbol="AAPL", plans=PLANS)
DONE = idea("i1", symbol="MSFT", score=score(1.5, mae=-0.5, mfe=2.0, said="marked to the close"))
LISTED = (
    ListedIdea(
        idea=CARD, state=CARD.state, price=D(190), to_entry=-1.47, to_stop=-3.16, to_target=2.63
    ),
    ListedIdea(idea=DONE, state=DONE.state),
)
RECORD = (
    IdeaRecord(name="", cards=4, n=3, mean_r=0.67, low_r=-3.13, high_r=4.46, note="too few"),
    IdeaRecord(name="owner", cards=1, n=0, note="none was entered"),
)


def engine(found: Sequence[ListedIdea] = LISTED) -> FakeEngine:
    fake = market.engine()
    fake.answers |= {
        ListPortfolios: (Portfolio(name="main", currency="USD"),),
        ListIdeas: lambda asked: tuple(found),
        GetIdeaRecord: RECORD,
        PreviewIdea: OrderPreview(orders=(ORDER, STOP), currency="USD", value=D(1872)),
        TakeIdea: replace(CARD, taken_at=AT, orders=("p1", "p1.stop")),
        CloseIdea: replace(CARD, given_up_at=AT, reason="news"),
        SaveIdea: CARD,
        GetTicket: TICKET,
    }
    return fake


def app_on(fake: FakeEngine, command: str = "AAPL IDEA") -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"))
    return TioApp(open_engine, config=config, clock=FakeClock(), command=command)


async def shown(pilot: Pilot[None], words: str = "i2") -> str:
    await until(pilot, lambda: pilot.app.screen.query(IdeasPane) and words in seen(pilot))
    return await at_rest(pilot)


async def writing(pilot: Pilot[None], words: str) -> str:
    await until(pilot, lambda: pilot.app.screen.query(CardPane) and words in seen(pilot))
    return await at_rest(pilot)


def acts(fake: FakeEngine, kind: type[Request[Any]]) -> list[Any]:
    return [each for each in fake.asked if isinstance(each, kind)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_tells_state_distance_and_result(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await shown(pilot)
        assert "ideas · main · 1 live" in text
        first = next(line for line in text.splitlines() if line.startswith("│ i2 "))
        second = next(line for line in text.splitlines() if line.startswith("│ i1 "))
        assert "planned" in first
        assert ("+2.63%" in first) == (size[0] >= 120)
        assert "+1.50 R" in second
        assert "open at its horizon" in second
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_below_stands_the_card_in_full_with_what_was_changed() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot)
        for words in ("it holds", "sales grew · 12 % · 10-Q", "stop 183 → 184", "2.44 R"):
            assert words in text
        await pilot.press("j")
        text = await at_rest(pilot)
        assert "open at its horizon +1.50 R · marked to the close" in text
        assert "−0.50 R against it · +2.00 R for it" in text


async def test_the_same_key_twice_takes_a_card_once() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("t")
        text = await shown(pilot, "t places it")
        assert "PAPER buy 10 AAPL limit 187.20 day" in text
        assert not acts(fake, TakeIdea)
        await pilot.press("t")
        await until(pilot, lambda: acts(fake, TakeIdea) == [TakeIdea("i2")])
        assert fake.keys[fake.asked.index(TakeIdea("i2"))]
        await shown(pilot, "i2: PAPER p1, p1.stop")


@pytest.mark.parametrize("key", ["escape", "j"])
async def test_a_preview_is_taken_back_by_leaving_or_moving(key: str) -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("t")
        await shown(pilot, "t places it")
        await pilot.press(key)
        assert "t places it" not in await at_rest(pilot)
        assert pilot.app.screen.query(IdeasPane)
        await pilot.press("t")
        await shown(pilot, "t places it")
        assert not acts(fake, TakeIdea)


async def test_what_would_be_refused_is_said_and_not_placed() -> None:
    fake = engine()
    fake.answers[PreviewIdea] = OrderPreview(orders=(), refused="too much", next="take less")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("t")
        await shown(pilot, "Refused: too much.")
        await pilot.press("t")
        await at_rest(pilot)
        assert len(acts(fake, PreviewIdea)) == 2
        assert not acts(fake, TakeIdea)


async def test_a_card_is_given_up_with_a_reason() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("x", "enter")
        await at_rest(pilot)
        assert not acts(fake, CloseIdea)
        await pilot.press("x", *"news", "enter")
        await until(pilot, lambda: acts(fake, CloseIdea) == [CloseIdea("i2", "news")])
        await shown(pilot, "i2 is given up")


async def test_v_shows_what_the_cards_prove_and_then_the_cards_again() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("v")
        text = await shown(pilot, "record by author")
        assert "+0.67 R [−3.13, +4.46]" in text
        assert "none was entered" in text
        await pilot.press("v")
        await shown(pilot, "record by setup")
        assert acts(fake, GetIdeaRecord)[-1] == GetIdeaRecord(RecordBy.setup, "main")
        await pilot.press("escape")
        assert "ideas · main · 1 live" in await at_rest(pilot)


async def test_o_leaves_out_what_is_over() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("o")
        text = await at_rest(pilot)
        assert "│ i2 " in text
        assert "│ i1 " not in text


async def test_discreet_hides_amounts() -> None:
    fake = engine()
    card = replace(CARD, plans=(replace(PLANS[0], risk=D(500)),))
    fake.answers[ListIdeas] = (ListedIdea(idea=card, state=card.state),)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        assert "by a risk of 500" in await shown(pilot)
        await pilot.press("z", "t")
        text = await shown(pilot, "t places it")
        assert "500" not in text
        assert "buy 10" not in text


async def test_without_cards_it_says_why_and_how_to_begin() -> None:
    async with app_on(engine(())).run_test(size=(80, 24)) as pilot:
        text = await shown(pilot, "No idea card yet")
        assert "a writes one of AAPL" in text
    fake = engine()
    fake.answers[ListPortfolios] = ()
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "No portfolio yet")


@pytest.mark.parametrize("size", SIZES)
async def test_a_card_is_written_from_price_range_and_a_thesis(size: tuple[int, int]) -> None:
    fake = engine()
    async with app_on(fake).run_test(size=size) as pilot:
        await shown(pilot)
        await pilot.press("a")
        text = await writing(pilot, "187.20")
        assert "A card needs its thesis" in text
        assert acts(fake, GetTicket)[-1] == GetTicket(
            "main", "AAPL", Side.buy, stop_atr=D(2), risk_percent=D(1), targets=(D(2),)
        )
        await pilot.press("c", *"it", "space", *"holds", "enter")
        await writing(pilot, "it holds")
        await pilot.press("enter")
        await until(pilot, lambda: acts(fake, SaveIdea))
        assert acts(fake, SaveIdea) == [
            SaveIdea(
                portfolio="main",
                symbol="AAPL",
                side=Side.buy,
                thesis="it holds",
                entry=D("187.20"),
                stop=D(181),
                targets=(D("199.60"),),
                risk_percent=D(1),
            )
        ]
        await shown(pilot, "ideas · main")


async def test_a_change_begins_with_what_the_card_says() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("c")
        text = await writing(pilot, "change i2 · buy AAPL")
        assert "sales grew | 12 % | 10-Q" in text
        await pilot.press("j", "j", "j", "j", "j", "j", "c", *"185", "enter")
        await writing(pilot, "185")
        await pilot.press("enter")
        await until(pilot, lambda: acts(fake, SaveIdea))
        (asked,) = acts(fake, SaveIdea)
        assert (asked.id, asked.invalidation, asked.evidence) == ("i2", D(185), (FACT,))


async def test_what_the_engine_refuses_leaves_the_form_open() -> None:
    fake = engine()
    fake.answers[SaveIdea] = Conflict("i2 stands as it was planned", "write another card")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("c")
        await writing(pilot, "change i2")
        await pilot.press("enter")
        await writing(pilot, "I2 stands as it was planned. write another card")


async def test_ideas_have_no_key_until_one_is_given() -> None:
    fake = engine()

    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"), keys={"app.ideas": "ctrl+d"})
    app = TioApp(open_engine, config=config, clock=FakeClock())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "AAPL" in seen(pilot))
        await pilot.press("ctrl+d")
        await shown(pilot)


async def test_enter_opens_the_chart_of_the_cards_symbol() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("j", "enter")
        await until(pilot, lambda: not pilot.app.screen.query(IdeasPane))
        app = pilot.app
        assert isinstance(app, TioApp)
        assert app.symbol == "MSFT"


async def test_the_idea_one_stands_on_goes_with_the_next_question() -> None:
    app = app_on(engine())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "AAPL" in seen(pilot))
        await at_rest(pilot)
        await pilot.press("at")
        (chip,) = app.chips
        assert chip.kind is ChipKind.idea
        assert chip.portfolio == "main"
