import json

from tio.api.ticks import BookChange, BookSnapshot, TopOfBook
from tio.engine.bus import Bus
from tio.engine.feeds import coinbase, kraken
from tio.engine.market.market import Market
from tio.plugin import Traits

from fakes import FakeClock

SECOND = 1_000_000


def test_a_book_reaches_the_board_after_its_snapshot_only(
    market: Market, venue: Traits, noon: int
) -> None:
    change = BookChange("BTC-USD", ((99.0, 1.0),), ((101.0, 1.0),), noon)
    market.take([change], venue, noon)
    assert market.board.lines["BTC-USD"].bid is None
    market.take([BookSnapshot("BTC-USD", ((98.0, 1.0),), ((102.0, 1.0),))], venue, noon)
    market.take([change], venue, noon)
    line = market.board.lines["BTC-USD"]
    assert (line.bid, line.ask) == (99.0, 101.0)
    assert [level.price for level in market.books.depth("BTC-USD", 5).bids] == [99.0, 98.0]
    market.drop_books("venue")
    market.take([BookChange("BTC-USD", ((99.5, 1.0),), (), noon + 1)], venue, noon)
    assert line.bid == 99.0


def test_a_level_that_fell_out_of_a_truncated_book_is_never_best_again(market: Market) -> None:
    """Kraken, depth 10, of which the thin book fills 9: its deletions stop at the tenth level."""
    at = 1_618_678_132
    levels = [[str(100.0 - n), "1", f"{at}.0"] for n in range(9)]

    def told(payload: object) -> None:
        frame = json.dumps([0, payload, "book-10", "XBT/USD"])
        market.take(kraken.parse(frame), kraken.TRAITS, at * SECOND)

    told({"bs": levels, "as": [["200.0", "1", f"{at}.0"]]})
    told({"b": [["101.0", "1", f"{at}.1"], ["102.0", "1", f"{at}.1"]]})  # 92 falls out
    told({"b": [[str(price), "0", f"{at}.2"] for price in range(93, 103)]})
    line = market.board.lines["BTC-USD"]
    assert line.bid is None
    assert market.books.depth("BTC-USD", 10).bids == ()


def test_a_book_that_is_told_whole_forgets_no_level(market: Market, noon: int) -> None:
    bids = tuple((100.0 - n, 1.0) for n in range(10))
    market.take([BookSnapshot("BTC-USD", bids, ())], coinbase.TRAITS, noon)
    market.take([BookChange("BTC-USD", ((101.0, 1.0),), ())], coinbase.TRAITS, noon)
    assert len(market.books.depth("BTC-USD", 20).bids) == 11


async def test_a_book_that_missed_a_change_is_told_as_no_longer_whole(
    venue: Traits, noon: int
) -> None:
    bus = Bus(FakeClock())
    market = Market(FakeClock(), bus)

    def depth(_: object = None) -> bool:
        return market.books.depth("BTC-USD", 5).complete

    whole = BookSnapshot("BTC-USD", ((98.0, 1.0),), ((102.0, 1.0),), noon, sequence=7)
    market.take([whole], venue, noon)
    bus.flush()
    async with market.books.changed.watch(("BTC-USD",), depth, depth) as watch:
        assert (await anext(watch)).value is True
        beyond = BookChange("BTC-USD", ((99.0, 1.0),), (), noon, first=9, sequence=9)
        market.take([beyond], venue, noon)
        bus.flush()
        assert (await anext(watch)).value is False


def test_a_book_that_is_no_longer_told_gives_way_to_newer_prices(
    market: Market, venue: Traits, noon: int
) -> None:
    market.take([BookSnapshot("BTC-USD", ((98.0, 1.0),), ((102.0, 1.0),), noon)], venue, noon)
    market.take([TopOfBook("BTC-USD", 97.0, 101.0)], venue, noon + SECOND)
    assert market.books.depth("BTC-USD", 5).complete
    market.take([TopOfBook("BTC-USD", 95.0, 96.0)], venue, noon + 6 * SECOND)
    depth = market.books.depth("BTC-USD", 5)
    assert (depth.complete, [bid.price for bid in depth.bids]) == (False, [95.0])
