"""The board and the clock as a replay left them, kept for the next engine of the workspace."""

import sqlite3
from datetime import datetime

import msgspec
from msgspec.structs import replace

from tio.api.codec import decode, encode
from tio.api.market import Instrument, Quote
from tio.api.series import instant
from tio.api.system import Setting
from tio.api.ticks import DayFigures, Tick, TopOfBook
from tio.engine.clock import WorkspaceClock
from tio.engine.market.service import MarketService
from tio.engine.market.symbols import classify
from tio.engine.store.database import Database
from tio.engine.store.settings import SettingsTable
from tio.plugin import Clock, Traits

KEEPER = "*engine*"
KEY = "replay.still.2"


class Still(msgspec.Struct, frozen=True):
    """A moment of a workspace: its clock, its sources, its quotes."""

    now: datetime
    origins: tuple[Traits, ...]
    quotes: tuple[Quote, ...]


class StillClock:
    """Time that stands where a replay left it."""

    def __init__(self, now: datetime, wall: Clock) -> None:
        self._now = now
        self._wall = wall

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._wall.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._wall.sleep(seconds)


class Stills:
    """Keeps the newest still of a workspace and shows it again."""

    def __init__(
        self, database: Database, clock: WorkspaceClock, wall: Clock, market: MarketService
    ) -> None:
        self._database = database
        self._clock = clock
        self._wall = wall
        self._market = market

    async def keep(self) -> None:
        """Write down how everything stands now."""
        board = self._market.market.board
        rendered = (board.render(symbol) for symbol in board.lines)
        quotes = tuple(quote for quote in rendered if quote is not None)
        origins = {line.origin.name: line.origin for line in board.lines.values()}
        still = encode(Still(self._clock.now(), tuple(origins.values()), quotes)).decode()

        def save(connection: sqlite3.Connection) -> None:
            SettingsTable.save(connection, KEEPER, Setting(KEY, still), self._wall.now())

        await self._database.write(save)

    async def show(self) -> None:
        """Put board and clock back; nothing happens where nothing was replayed."""
        kept = await self._database.read(lambda c: SettingsTable.list(c, KEEPER))
        found = [setting.value for setting in kept if setting.key == KEY]
        if not found:
            return
        still = decode(found[0], Still)
        self._clock.played = StillClock(still.now, self._wall)
        self._market.market.introduce(map(_instrument, still.quotes))
        origins = {origin.name: origin for origin in still.origins}
        for quote in still.quotes:
            received = instant(quote.received_at or still.now)
            self._market.market.take(_ticks(quote), origins[quote.source], received)


def _instrument(quote: Quote) -> Instrument:
    known = classify(quote.symbol)
    return replace(known, price_decimals=quote.price_decimals, source=quote.source)


def _ticks(quote: Quote) -> tuple[Tick, ...]:
    """What a source would have said to make this quote."""
    at = None if quote.as_of is None else instant(quote.as_of)
    figures = DayFigures(
        symbol=quote.symbol,
        at=at,
        last=quote.last,
        open=quote.open,
        high=quote.high,
        low=quote.low,
        previous_close=quote.previous_close,
        volume=quote.volume,
        change=quote.change,
        change_percent=quote.change_percent,
    )
    if quote.bid is None and quote.ask is None:
        return (figures,)
    top = TopOfBook(quote.symbol, quote.bid, quote.ask, quote.bid_size, quote.ask_size, at)
    return (figures, top)
