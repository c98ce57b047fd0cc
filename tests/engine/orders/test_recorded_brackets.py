"""Brackets on recorded exchange sessions, against a simulation written here from the bare JSON."""

import asyncio
from decimal import Decimal
from itertools import product

import pytest
from msgspec.structs import replace
from naive_brackets import CAPTURES, SESSIONS, Naive, Row, Seen, told
from order_scene import order

from tio.api.market import AssetClass, Instrument, Print, Quote
from tio.api.orders import BracketLegs, OrderFilled, OrderType, Side
from tio.api.series import moment
from tio.api.ticks import TopOfBook, Trade
from tio.engine.feeds.replay import Replayer
from tio.engine.feeds.sources import parser_of
from tio.engine.orders.book import PaperBook
from tio.engine.orders.groups import bracket
from tio.engine.orders.hours import VenueHours
from tio.engine.orders.terms import Terms

import recorded
from fakes import FakeClock, FakeOutlet

REACHES = [Decimal(n) for n in ("0.0002", "0.001", "0.004")]
LOT = Decimal("1e-8")


class Everything:
    symbols: frozenset[str] = frozenset()

    async def changed(self) -> None:
        await asyncio.Event().wait()


async def replayed(source: str) -> list[Print | Quote]:
    """What the replay tells of trades and best prices."""
    player = await Replayer.opened(
        recorded.path(CAPTURES + SESSIONS[source]), real=FakeClock(), speed=0
    )
    heard = FakeOutlet()
    await player.run(Everything(), heard)
    found: list[Print | Quote] = []
    for ticks, receipt in heard.emissions:
        assert receipt is not None
        for tick in ticks:
            if isinstance(tick, Trade) and tick.folds:
                at = moment(tick.at)
                found.append(Print(symbol=tick.symbol, price=tick.price, size=tick.size, as_of=at))
            elif isinstance(tick, TopOfBook):
                found.append(
                    Quote(
                        symbol=tick.symbol,
                        bid=tick.bid,
                        ask=tick.ask,
                        bid_size=tick.bid_size,
                        ask_size=tick.ask_size,
                        as_of=None if tick.at is None else moment(tick.at),
                        received_at=moment(receipt),
                    )
                )
    return found


def play(book: PaperBook, told: Print | Quote) -> list[Row]:
    events = book.on_trade(told) if isinstance(told, Print) else book.on_quote(told)
    made = [event.fill for event in events if isinstance(event, OrderFilled)]
    return [(f.order, f.quantity, f.price, f.as_of) for f in made if f.as_of is not None]


def book_now() -> PaperBook:
    coin = AssetClass.crypto
    return PaperBook(
        lambda symbol: Terms(symbol, coin, "USD", None, LOT),
        VenueHours(lambda symbol: Instrument(symbol=symbol, asset_class=coin)),
    )


def both(
    plain: list[Seen], ticks: list[Print | Quote], side: Side, reach: Decimal, limited: bool
) -> tuple[list[Row], list[Row]]:
    """The fills of the book and of the simulation; the bracket is placed after the first trade."""
    first = next(n for n, seen in enumerate(plain) if seen.price is not None)
    start, sign = plain[first], 1 if side is Side.buy else -1
    price, quantity = start.price or Decimal(0), 3 * (start.size or Decimal(0))
    stop, target = price * (1 - reach * sign), price * (1 + reach * sign)
    limit = price * (1 + reach * sign / 2) if limited else None
    naive = Naive(sign, quantity, limit, (target, stop))
    entry = order("e", side.value, str(quantity), symbol=start.symbol, short=True)
    if limited:
        entry = replace(entry, type=OrderType.limit, limit=limit)
    book, found = book_now(), []
    for n, (seen, tick) in enumerate(zip(plain, ticks, strict=True)):
        found += play(book, tick)
        naive.see(seen, n > first and seen.time >= start.time)
        if n == first:
            legs = BracketLegs(target=target, stop=stop)
            book.place_group(bracket(entry, legs), start.time)
    return found, naive.rows


@pytest.mark.parametrize("source", SESSIONS)
async def test_brackets_on_a_recorded_session_fill_as_a_plain_simulation_says(source: str) -> None:
    plain = told(source, parser_of(source).symbol_of)
    ticks = await replayed(source)
    assert [seen.symbol for seen in plain] == [tick.symbol for tick in ticks]
    rows = 0

    for symbol in {seen.symbol for seen in plain if seen.price is not None}:
        own = [seen for seen in plain if seen.symbol == symbol]
        heard = [tick for tick in ticks if tick.symbol == symbol]
        for side, reach, limited in product(Side, REACHES, (False, True)):
            found, expected = both(own, heard, side, reach, limited)
            assert found == expected, (symbol, side, reach, limited)
            rows += len(found)
    assert rows > 0
