"""The Desk without a terminal: its figures once, as plain tables."""

import asyncio
from collections.abc import Sequence

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.market import Quote, Quotes, SearchInstruments, Spark, Sparks
from tio.api.schedules import KeptReport, ListReports
from tio.api.sources import ListSources, SourceState
from tio.api.system import GetHealth
from tio.api.watchlists import FIRST_SYMBOLS, ListWatchlists, Watchlist
from tio.commands.printing import print_table, say
from tio.commands.quotes import COLUMNS, row
from tio.commands.schedule_tables import print_reports
from tio.config import Config
from tio.draw.sparkline import sparkline
from tio.draw.zones import zone_of

PATIENCE = 5.0
"""Seconds to wait for first prices; what has none by then is printed without."""
POINTS = 32
UNREAD = 5
MOST = 40
"""Instruments shown where no list says which."""


def print_desk(workspace: str, config: Config) -> None:
    """Every watchlist with its quotes and sparklines; on a new machine all symbols there are."""
    asyncio.run(_print(workspace, config))


async def _print(workspace: str, config: Config) -> None:
    from tio.commands.asking import at_that_time, looked_back
    from tio.connect import open_engine
    from tio.paths import Paths

    opened = await open_engine(Paths.find().workspace(workspace), config, serve=False)
    engine, then = at_that_time(opened), looked_back()
    try:
        lists = await _lists(engine, config, workspace)
        symbols = tuple(dict.fromkeys(symbol for each in lists for symbol in each.symbols))
        quotes = await _quotes(engine, symbols)
        sparks = await _sparks(engine, tuple(quotes))
        health = await engine.ask(GetHealth())
        reports = await engine.ask(ListSources())
        unread = await _unread(engine)
    finally:
        await opened.close()
    of = "" if then is None else "as of "
    print(f"tio {health.version} · {workspace} · {of}{then or health.now:%Y-%m-%d %H:%M:%S} UTC")
    for each in lists:
        _print_list(each, quotes, sparks)
    if unread:
        print_reports(unread, zone_of(config.ui.time_zone), csv=False)
    if any(symbol not in quotes or quotes[symbol].last is None for symbol in symbols):
        for report in reports:
            if report.state is SourceState.failed:
                say(f"{report.name}: {report.reason}")
    if health.banner:
        say(health.banner)


async def _unread(engine: Engine) -> tuple[KeptReport, ...]:
    """The newest reports not yet read; none of a past moment."""
    try:
        return await engine.ask(ListReports(unread=True, limit=UNREAD))
    except TioError:
        return ()


async def _lists(engine: Engine, config: Config, workspace: str) -> tuple[Watchlist, ...]:
    lists = await engine.ask(ListWatchlists())
    if lists:
        return lists
    if config.desk.symbols:
        return (Watchlist("main", config.desk.symbols),)
    live = [report for report in await engine.ask(ListSources()) if report.assets]
    if workspace == "main" and any(report.state is not SourceState.off for report in live):
        return (Watchlist("main", FIRST_SYMBOLS),)
    every = await engine.ask(SearchInstruments("", MOST, sources=False))
    return (Watchlist("all", tuple(instrument.symbol for instrument in every)),)


async def _quotes(engine: Engine, symbols: tuple[str, ...]) -> dict[str, Quote]:
    """The first prices of the symbols, by symbol; waits until all have one, or PATIENCE."""
    quotes: dict[str, Quote] = {}
    try:
        async with asyncio.timeout(PATIENCE), engine.watch(Quotes(symbols)) as items:
            async for item in items:
                quotes |= {quote.symbol: quote for quote in item.value}
                if all(s in quotes and quotes[s].last is not None for s in symbols):
                    break
    except TimeoutError:
        return quotes
    return quotes


async def _sparks(engine: Engine, symbols: tuple[str, ...]) -> dict[str, Spark]:
    if not symbols:
        return {}
    sparks: dict[str, Spark] = {}
    try:
        async with asyncio.timeout(PATIENCE / 2), engine.watch(Sparks(symbols, POINTS)) as items:
            async for item in items:
                sparks |= {spark.symbol: spark for spark in item.value}
                if all(symbol in sparks for symbol in symbols):
                    break
    except TimeoutError:
        return sparks
    return sparks


def _print_list(watchlist: Watchlist, quotes: dict[str, Quote], sparks: dict[str, Spark]) -> None:
    print(f"\nwatchlist · {watchlist.name}")
    if not watchlist.symbols:
        print(
            "nothing to show: `tio watchlist add main BTC-USD` adds a symbol, `tio demo` has some"
        )
        return
    print_table((*COLUMNS, "DAY"), [_row(s, quotes, sparks) for s in watchlist.symbols])


def _row(symbol: str, quotes: dict[str, Quote], sparks: dict[str, Spark]) -> Sequence[str]:
    quote = quotes.get(symbol)
    cells = row(quote) if quote else [symbol, *[""] * (len(COLUMNS) - 2), "no source"]
    spark = sparks.get(symbol)
    import numpy as np

    return [*cells, sparkline(np.asarray(spark.closes), 16) if spark else ""]
