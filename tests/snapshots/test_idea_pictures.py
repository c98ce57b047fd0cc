"""What IDEA looks like, kept as pictures beside this file.

After a change that is meant: `pytest tests/snapshots --snapshot-update`, then look at each picture.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
import screen_market as market
from idea_cards import AT, D, idea, plan, score
from msgspec.structs import replace
from paper_orders import ORDER, STOP, TICKET
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine
from tio.api.ideas import (
    Evidence,
    GetIdeaRecord,
    IdeaRecord,
    ListedIdea,
    ListIdeas,
    Outcome,
    PreviewIdea,
)
from tio.api.ledger import ListPortfolios
from tio.api.portfolio import Portfolio
from tio.api.sources import SourceStates
from tio.api.trading import GetTicket, OrderPreview
from tio.app import TioApp
from tio.config import Config, Ui

from fakes import FakeClock, FakeEngine

Compare = Callable[..., bool]
Theme = Literal["dark", "light", "16-colours"]
LOOKS: dict[str, tuple[int, int, Theme, tuple[str, ...], str]] = {
    "60x20": (60, 20, "dark", (), "planned"),
    "80x24": (80, 24, "dark", ("t",), "t places it"),
    "120x40": (120, 40, "dark", (), "planned"),
    "200x60": (200, 60, "dark", ("down",), "against it"),
    "light": (120, 40, "light", ("v",), "record by author"),
    "16-colours": (120, 40, "16-colours", ("down",), "against it"),
    "card-80x24": (80, 24, "dark", ("a",), "limited by risk"),
}
FACT = Evidence(text="sales grew", figure="12 %", source="10-Q")
FIRST = plan(
    entry="187.20",
    stop="183",
    target="195",
    thesis="holds the breakout of October, while the whole sector gains",
    evidence=(FACT,),
    setup="breakout",
    price=D("189.55"),
)
PLANS = (FIRST, replace(FIRST, stop=D(184), at=AT + timedelta(hours=1)))
CARDS = (
    ListedIdea(
        idea=(new := idea("i3", symbol="AAPL", plans=PLANS)),
        state=new.state,
        price=D("190.00"),
        to_entry=-1.47,
        to_stop=-3.16,
        to_target=2.63,
    ),
    ListedIdea(
        idea=(
            done := idea(
                "i2",
                symbol="TSLA",
                score=score(
                    2.0,
                    outcome=Outcome.target,
                    mae=-0.45,
                    mfe=2.0,
                    bars=3120,
                    said="the target came first",
                ),
            )
        ),
        state=done.state,
    ),
    ListedIdea(
        idea=(gone := idea("i1", symbol="NVDA", given_up_at=AT, reason="the news changed it")),
        state=gone.state,
    ),
)
RECORD = (
    IdeaRecord(
        name="",
        cards=14,
        n=11,
        hit_rate=6 / 11,
        hit_low=0.23,
        hit_high=0.83,
        mean_r=0.42,
        low_r=-0.61,
        high_r=1.45,
        mean_mae=-0.55,
        mean_mfe=1.2,
        note="no edge proved",
    ),
    IdeaRecord(name="analyst", cards=3, n=0, note="none was entered"),
)


def engine() -> FakeEngine:
    fake = market.engine()
    preview = OrderPreview(orders=(ORDER, STOP), currency="USD", value=D(1872))
    fake.answers |= {
        ListPortfolios: (Portfolio(name="main", currency="USD"),),
        ListIdeas: CARDS,
        GetIdeaRecord: RECORD,
        PreviewIdea: preview,
        GetTicket: TICKET,
    }
    return fake


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of all colours, whoever runs the tests: few would change the theme."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.mark.parametrize("look", LOOKS)
def test_idea_cards_look_as_they_did(snap_compare: Compare, look: str) -> None:
    width, height, theme, keys, words = LOOKS[look]

    fake = engine()

    async def open_engine() -> Engine:
        return fake

    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "breakout" in seen(pilot))
        await pilot.press(*keys)
        await until(pilot, lambda: words in seen(pilot))
        # The top line then says how old the quote is, at once and not within a second.
        fake.push(SourceStates, fake.topics[SourceStates])
        await at_rest(pilot)

    config = Config(ui=Ui(theme=theme, time_zone="UTC"))
    app = TioApp(open_engine, config=config, clock=FakeClock(), command="AAPL IDEA")
    assert snap_compare(app, terminal_size=(width, height), run_before=ready)
