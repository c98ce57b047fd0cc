"""A terminal before an engine that tells of a past moment, and what it told then."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import numpy as np
import screen_market as market
from textual.pilot import Pilot
from waiting import at_rest

from tio.api.as_of import AskAsOf, AskedAsOf
from tio.api.charts import Drawings
from tio.api.codec import decode, encode
from tio.api.contract import Engine
from tio.api.errors import Conflict
from tio.api.market import Bars, BarUpdates, GetBars, GetQuotes, Quote, Quotes, Sparks, Timeframe
from tio.api.series import Series, Times, instant
from tio.api.watchlists import ListWatchlists, Watchlist
from tio.api.words import find
from tio.app import TioApp
from tio.config import Config, Ui

from fakes import FakeClock, FakeEngine

Theme = Literal["dark", "light", "16-colours"]
THEN = "2026-11-18 15:30"
AT = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)


def past(asked: AskAsOf) -> Any:
    """Everything stood at 77.77 then; portfolios and the like are not known."""
    word = decode(asked.fields.encode(), find(asked.word))
    match word:
        case Quotes(symbols) | GetQuotes(symbols):
            answer: Any = tuple(cheap(symbol) for symbol in symbols or ("SPY",))
        case BarUpdates(symbol, timeframe) | GetBars(symbol, timeframe):
            answer = bars(symbol, timeframe)
        case Sparks() | Drawings():
            answer = ()
        case _:
            return Conflict(f"{asked.word} tells of now alone", "NOW goes back")
    return AskedAsOf(at=asked.at, answer=encode(answer).decode())


def cheap(symbol: str) -> Quote:
    return market.quote(symbol, last=77.77, bid=None, ask=None)


def bars(symbol: str, timeframe: Timeframe, days: int = 400) -> Bars:
    """Days that begin 400 before the moment, all at 77.77 but for a rise a day after row 200."""
    start = AT.replace(hour=0, minute=0) - timedelta(days=days)
    times = [instant(start + timedelta(days=n)) for n in range(days)]
    closes = np.full(days, 77.77)
    return Bars(
        symbol=symbol, timeframe=timeframe, time=Times(times), open=Series(closes),
        high=Series(closes), low=Series(closes), close=Series(closes), volume=Series(closes),
    )  # fmt: skip


def terminal(screen: str = "desk", theme: Theme = "dark") -> tuple[TioApp, FakeEngine]:
    fake = market.engine()
    fake.answers[AskAsOf] = past
    fake.answers[ListWatchlists] = (Watchlist("main", tuple(market.PRICES)),)
    clock = FakeClock(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))

    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(theme=theme, time_zone="UTC", reduced_motion=True))
    return TioApp(open_engine, config=config, clock=clock, screen=screen, symbol="SPY"), fake


async def say(pilot: Pilot[None], line: str) -> None:
    assert isinstance(pilot.app, TioApp)
    pilot.app.obey(line)
    await at_rest(pilot)
