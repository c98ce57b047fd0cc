"""A screen of reports: the reports over the made-up words, answered by a fake engine."""

from typing import Any

import portfolio_scene
from analyst_answers import owned
from analyst_words import NOW

from tio.api.analyst import (
    Brief,
    CheckIdea,
    Compare,
    Depth,
    ExplainMove,
    MorningBrief,
    Report,
    ReviewJournal,
    ReviewPortfolio,
    ReviewRisk,
)
from tio.api.contract import Engine, Request
from tio.api.market import Instrument, SearchInstruments
from tio.api.models import ListModels, ModelKind, ModelStanding, ModelState
from tio.api.watchlists import ListWatchlists, Watchlist
from tio.app import TioApp
from tio.config import Config, Ui

from fakes import FakeClock, FakeEngine

SYMBOLS = ("AAA", "BBB", "CCC", "DDD")
REPORTS: dict[str, Request[Report]] = {
    "AAA BRIEF": Brief("AAA", Depth.full),
    "BBB BRIEF": Brief("BBB", Depth.full),
    "AAA WHY": ExplainMove("AAA"),
    "AAA BBB CCC CMP": Compare(("AAA", "BBB", "CCC"), Depth.full),
    "MORN": MorningBrief("main"),
    "REVIEW": ReviewPortfolio("main"),
    "REVIEW risk": ReviewRisk("main"),
    "REVIEW journal": ReviewJournal("main"),
}
IDEA = CheckIdea("i1")
MODEL = ModelState(name="qwen3", kind=ModelKind.ollama, model="qwen3", state=ModelStanding.ready)


async def engine(*, model: bool = False) -> FakeEngine:
    """Every report of `REPORTS`, written by the rules over the made-up words."""
    fake = portfolio_scene.engine(portfolio_scene.MAIN)
    market = owned()
    for word in (*REPORTS.values(), IDEA):
        fake.answers[word] = await market.report(word)
    fake.answers[ListWatchlists] = (Watchlist("main", SYMBOLS),)
    fake.answers[ListModels] = (MODEL,) if model else ()

    def found(asked: SearchInstruments) -> tuple[Instrument, ...]:
        return tuple(Instrument(symbol=each) for each in SYMBOLS if asked.query in each)

    fake.answers[SearchInstruments] = found
    return fake


def app_on(fake: Any, command: str, **ui: Any) -> TioApp:
    async def opened() -> Engine:
        return fake  # type: ignore[no-any-return]

    config = Config(ui=Ui(time_zone="UTC", reduced_motion=True, **ui))
    return TioApp(opened, config=config, clock=FakeClock(NOW), command=command, symbol="AAA")
