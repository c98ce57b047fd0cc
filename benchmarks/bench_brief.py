"""Every report by rules over the demo's market with its sample portfolio.

`python benchmarks/bench_brief.py`: cold is the first; anew is written again with what it stood on
forgotten; again is told from memory, the market standing still. The median of 20 each. Limits:
300 ms anew, 20 ms again, and each of the latter told without being written.
"""

import asyncio
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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
from tio.api.ideas import SaveIdea
from tio.api.ledger import ListPortfolios
from tio.api.market import GetQuotes, SearchInstruments, Side
from tio.api.watchlists import SaveWatchlist
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

ROUNDS, LIMIT, AGAIN = 20, 0.3, 0.02
SETTLED = 4.0
"""Seconds in which the sample portfolio is entered."""


async def asked(session: Engine) -> dict[str, Request[Report]]:
    """The reports, over a list of all symbols and an idea made for it."""
    found = await session.ask(SearchInstruments(limit=100, sources=False))
    symbols = tuple(each.symbol for each in found)
    await session.ask(SaveWatchlist("main", symbols))
    portfolio = (await session.ask(ListPortfolios()))[0].name
    idea = SaveIdea(
        portfolio=portfolio,
        symbol="SIM:ACME",
        side=Side.buy,
        thesis="to be measured",
        entry=Decimal(100),
        stop=Decimal(95),
        targets=(Decimal(110),),
    )
    card = await session.ask(idea)
    return {
        "brief": Brief("SIM:ACME", Depth.full),
        "compare 2": Compare(symbols[:2], Depth.full),
        "compare 8": Compare(symbols[:8], Depth.full),
        f"morning {len(symbols)}": MorningBrief("main"),
        "why": ExplainMove("SIM:ACME"),
        "portfolio": ReviewPortfolio(portfolio),
        "risk": ReviewRisk(portfolio),
        "journal": ReviewJournal(portfolio),
        "idea": CheckIdea(card.id),
    }


@dataclass
class Taken:
    """Seconds of a report: the first, written anew, told again; how many were told again."""

    cold: float
    anew: list[float]
    again: list[float]
    kept: int


async def measured() -> dict[str, Taken]:
    """What each report takes, by its name."""
    load = Demo(symbols=24, rate=50.0)
    engine = LocalEngine(Paths.find().workspace("demo"), Config(demo=load))
    await engine.start()
    taken: dict[str, Taken] = {}
    try:
        session = engine.session()
        await session.ask(ListPortfolios())
        await asyncio.sleep(SETTLED)
        reports = await asked(session)
        analyst, market = (of(engine, kind) for kind in (Brief, GetQuotes))
        for name, request in reports.items():
            each = taken[name] = Taken(await timed(session, request), [], [], 0)
            for _ in range(ROUNDS):
                analyst.kept.forget()
                each.anew.append(await timed(session, request))
        await market.feeds.close()
        for name, request in reports.items():
            await session.ask(request)
            before = analyst.kept.again
            taken[name].again += [await timed(session, request) for _ in range(ROUNDS)]
            taken[name].kept = analyst.kept.again - before
    finally:
        await engine.close()
    return taken


async def timed(session: Engine, request: Request[Report]) -> float:
    began = time.perf_counter()
    await session.ask(request)
    return time.perf_counter() - began


def of(engine: LocalEngine, kind: type[Request[Any]]) -> Any:
    """The service that answers a word."""
    return engine._answers[kind].__self__  # type: ignore[attr-defined]


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["TIO_HOME"] = home
        taken = asyncio.run(measured())
    slow = False
    for name, each in taken.items():
        anew, again = statistics.median(each.anew), statistics.median(each.again)
        slow = slow or anew > LIMIT or again > AGAIN or each.kept < ROUNDS
        print(
            f"{name:12} cold {each.cold * 1_000:6.1f} ms, anew {anew * 1_000:6.1f} ms, "
            f"again {again * 1_000:5.1f} ms ({max(each.again) * 1_000:.1f} at most, "
            f"{each.kept} of {ROUNDS} kept)"
        )
    if slow:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
