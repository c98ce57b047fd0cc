"""Every report by rules over the demo's market with its sample portfolio, warm.

`python benchmarks/bench_brief.py`; the median of 20 each. Limit: 300 ms.
"""

import asyncio
import os
import statistics
import tempfile
import time
from decimal import Decimal

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
from tio.api.market import SearchInstruments, Side
from tio.api.watchlists import SaveWatchlist
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

ROUNDS, LIMIT = 20, 0.3


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


async def measured() -> dict[str, list[float]]:
    """Seconds of each report after a first one, by its name."""
    load = Demo(symbols=24, rate=50.0)
    engine = LocalEngine(Paths.find().workspace("demo"), Config(demo=load))
    await engine.start()
    taken: dict[str, list[float]] = {}
    try:
        session = engine.session()
        for name, request in (await asked(session)).items():
            await session.ask(request)
            for _ in range(ROUNDS):
                began = time.perf_counter()
                await session.ask(request)
                taken.setdefault(name, []).append(time.perf_counter() - began)
    finally:
        await engine.close()
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["TIO_HOME"] = home
        taken = asyncio.run(measured())
    medians = {name: statistics.median(each) for name, each in taken.items()}
    for name, each in taken.items():
        print(
            f"{name:12} median {medians[name] * 1_000:6.1f} ms, slowest {max(each) * 1_000:.1f} ms"
        )
    if max(medians.values()) > LIMIT:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
