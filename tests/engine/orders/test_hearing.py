"""Ticks as the quotes and prints that orders meet."""

from datetime import timedelta
from pathlib import Path

from order_room import COIN, TRAITS, Room, room

from tio.api.market import Delay, Flag, Print, Quote
from tio.api.series import instant, moment
from tio.engine.orders.hearing import Hearing
from tio.plugin import Traits

LAGGING = Traits(name="late", delay=Delay.delayed, delay_minutes=15)


class Heard:
    def __init__(self, made: Room) -> None:
        self.quotes: list[Quote] = []
        self.trades: list[tuple[Print, Delay, tuple[Flag, ...], int]] = []
        self.hearing = Hearing(
            made.market, self.quotes.append, lambda *told: self.trades.append(told)
        )


async def test_only_what_is_followed_is_heard_and_wanted_of_sources(tmp_path: Path) -> None:
    async with room(tmp_path) as made:
        heard = Heard(made)
        made.take(made.top(99, 100))
        heard.hearing.follow((COIN,))
        assert heard.hearing.follows(COIN)
        assert COIN in made.market.demand.symbols
        made.take(made.top(98, 99))
        heard.hearing.follow(())
        made.take(made.top(97, 98))
        assert [(each.bid, each.ask) for each in heard.quotes] == [(98, 99)]
        assert COIN not in made.market.demand.symbols


async def test_a_quote_carries_its_own_time_its_sizes_and_its_source(tmp_path: Path) -> None:
    async with room(tmp_path) as made:
        heard = Heard(made)
        heard.hearing.follow((COIN,))
        now = made.clock.now()
        made.take(made.top(99, 100, 7, later=-0.5))
        (told,) = heard.quotes
        assert (told.as_of, told.received_at) == (now - timedelta(seconds=0.5), now)
        assert (told.bid_size, told.ask_size, told.source) == (7, 7, "test")
        assert (told.flags, told.delay) == ((), Delay.realtime)


async def test_a_crossed_quote_says_so(tmp_path: Path) -> None:
    async with room(tmp_path) as made:
        heard = Heard(made)
        heard.hearing.follow((COIN,))
        made.take(made.top(101, 100))
        assert Flag.crossed in heard.quotes[0].flags


async def test_a_trade_is_a_print_and_one_told_long_after_it_is_stale(tmp_path: Path) -> None:
    async with room(tmp_path) as made:
        heard = Heard(made)
        heard.hearing.follow((COIN,))
        made.take(made.trade(100, 2, later=-61))
        made.take(made.trade(100.5, 2))
        (late, _, flags, _), (fresh, delay, none, at) = heard.trades
        assert (late.price, flags) == (100, (Flag.stale,))
        assert (fresh.price, fresh.size, fresh.as_of) == (100.5, 2, made.clock.now())
        assert (delay, none, at) == (TRAITS.delay, (), instant(made.clock.now()))


async def test_the_lag_of_a_source_is_no_staleness(tmp_path: Path) -> None:
    async with room(tmp_path) as made:
        heard = Heard(made)
        heard.hearing.follow((COIN,))
        made.take(made.trade(100, 2, later=-15 * 60), traits=LAGGING)
        ((told, delay, flags, _),) = heard.trades
        assert told.as_of == moment(instant(made.clock.now())) - timedelta(minutes=15)
        assert (delay, flags, heard.hearing.lag(COIN)) == (Delay.delayed, (), 15)
        assert heard.hearing.lag("ETH-USD") == 0
