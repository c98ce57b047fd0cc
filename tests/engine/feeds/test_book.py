import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import Level
from tio.api.ticks import BookChange, BookSnapshot, TopOfBook
from tio.engine.feeds import book as module
from tio.engine.feeds.book import OrderBook
from tio.engine.feeds.frames import Direction, Frame, read_frames
from tio.engine.feeds.sources import PARSERS

import recorded

S = "BTC-USD"


def test_book_without_its_snapshot_says_nothing() -> None:
    book = OrderBook(S)
    book.apply(BookChange(S, ((10.0, 1.0),), ()))
    assert book.best() is None
    assert book.depth(5) == ((), ())
    assert book.dropped == 1


def test_changes_set_remove_and_add_levels() -> None:
    book = OrderBook(S)
    book.apply(BookSnapshot(S, ((10.0, 1.0), (9.0, 2.0)), ((11.0, 3.0), (12.0, 4.0)), at=1))
    assert book.best() == TopOfBook(S, 10.0, 11.0, 1.0, 3.0, 1)
    book.apply(BookChange(S, ((10.0, 0.0),), ((11.0, 5.0),), at=2))
    assert book.best() == TopOfBook(S, 9.0, 11.0, 2.0, 5.0, 2)
    book.apply(BookChange(S, ((9.5, 7.0), (10.0, 1.0), (10.0, 0.0)), ()))
    assert book.best() == TopOfBook(S, 9.5, 11.0, 7.0, 5.0, 2)
    assert book.depth(2) == (
        (Level(9.5, 7.0), Level(9.0, 2.0)),
        (Level(11.0, 5.0), Level(12.0, 4.0)),
    )


def test_an_empty_side_is_none() -> None:
    book = OrderBook(S)
    book.apply(BookSnapshot(S, ((10.0, 1.0),), ()))
    assert book.best() == TopOfBook(S, 10.0, None, 1.0, None)


def test_numbered_changes_are_held_for_the_snapshot_and_older_ones_dropped() -> None:
    book = OrderBook(S)
    book.apply(BookChange(S, ((1.0, 1.0),), (), first=5, sequence=6))
    book.apply(BookChange(S, ((2.0, 1.0),), (), first=7, sequence=9))
    book.apply(BookChange(S, ((3.0, 1.0),), (), first=10, sequence=10))
    book.apply(BookSnapshot(S, ((0.5, 1.0),), (), sequence=8))
    assert book.depth(5)[0] == (Level(3.0, 1.0), Level(2.0, 1.0), Level(0.5, 1.0))
    assert (book.gaps, book.dropped) == (0, 1)


def test_a_gap_makes_the_book_incomplete_until_its_next_snapshot() -> None:
    book = OrderBook(S)
    book.apply(BookSnapshot(S, ((1.0, 1.0),), (), sequence=8))
    book.apply(BookChange(S, ((2.0, 1.0),), (), first=9, sequence=9))
    book.apply(BookChange(S, ((3.0, 1.0),), (), first=11, sequence=12))
    assert book.best() is None
    assert book.gaps == 1
    book.apply(BookChange(S, ((4.0, 1.0),), (), first=13, sequence=13))
    book.apply(BookSnapshot(S, ((1.5, 1.0),), (), sequence=12))
    assert book.depth(5)[0] == (Level(4.0, 1.0), Level(1.5, 1.0))


def test_snapshot_older_than_what_is_held_leaves_the_book_incomplete() -> None:
    book = OrderBook(S)
    book.apply(BookChange(S, ((3.0, 1.0),), (), first=11, sequence=12))
    book.apply(BookSnapshot(S, ((1.5, 1.0),), (), sequence=8))
    assert not book.complete
    assert book.gaps == 1


def test_levels_that_fall_out_of_a_subscribed_depth_do_not_come_back() -> None:
    bids = tuple((100.0 - i, 1.0) for i in range(10))
    book = OrderBook(S, truncated=True)
    book.apply(BookSnapshot(S, bids, ()))
    book.apply(BookChange(S, ((101.0, 1.0),), ()))  # 91 falls out, and no deletion is sent
    book.apply(BookChange(S, ((101.0, 0.0), (91.0, 2.0)), ()))  # it returns as a new level
    assert book.depth(20)[0] == tuple(Level(p, 2.0 if p == 91.0 else s) for p, s in bids)
    book.apply(BookChange(S, ((100.5, 1.0),), ()))
    assert len(book) == 10


def test_a_whole_book_grows_whatever_its_snapshots_depth() -> None:
    book = OrderBook(S)
    book.apply(BookSnapshot(S, tuple((100.0 - i, 1.0) for i in range(25)), ()))
    book.apply(BookChange(S, ((101.0, 1.0),), ()))
    assert len(book) == 26


def test_no_side_grows_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LEVELS", 50)
    book = OrderBook(S, truncated=False)
    book.apply(BookSnapshot(S, (), ((1_000.0, 1.0),)))
    for price in range(1, 500):
        book.apply(BookChange(S, (), ((float(price), 1.0),)))
    assert len(book) == 50
    assert len(book._asks._heap) < 300
    best = book.best()
    assert best is not None
    assert best.ask == 1.0


prices = st.integers(1, 12).map(float)
sizes = st.sampled_from([0.0, 1.0, 2.0])
levels = st.lists(st.tuples(prices, sizes), max_size=4).map(tuple)


@given(st.lists(st.tuples(levels, levels), max_size=40))
def test_any_changes_leave_what_plain_dictionaries_hold(
    changes: list[tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float], ...]]],
) -> None:
    book = OrderBook(S)
    book.apply(BookSnapshot(S, (), ()))
    plain: tuple[dict[float, float], dict[float, float]] = ({}, {})
    for bids, asks in changes:
        book.apply(BookChange(S, bids, asks))
        for side, told in zip(plain, (bids, asks), strict=True):
            side.update(told)
    bid_levels = {price: size for price, size in plain[0].items() if size}
    ask_levels = {price: size for price, size in plain[1].items() if size}
    best = book.best()
    assert best is not None
    assert best.bid == max(bid_levels, default=None)
    assert best.ask == min(ask_levels, default=None)
    assert book.depth(50) == (
        tuple(Level(*item) for item in sorted(bid_levels.items(), reverse=True)),
        tuple(Level(*item) for item in sorted(ask_levels.items())),
    )


@pytest.mark.parametrize(
    ("session", "source"),
    [("COINBASE.ws.28.0.shared", "coinbase"), ("KRAKEN_FUTURES.ws.1.0", "kraken_futures")],
)
def test_books_of_a_recorded_session_equal_a_plain_fold(session: str, source: str) -> None:
    books: dict[str, OrderBook] = {}
    plain: dict[str, tuple[dict[float, float], dict[float, float]]] = {}
    for frame in read_frames(recorded.path(f"1_exchange_captures/cryptofeed/{session}.txt.gz")):
        assert isinstance(frame, Frame)
        if frame.direction is not Direction.received:
            continue
        for tick in PARSERS[source].parse(frame.text):
            match tick:
                case BookSnapshot():
                    plain[tick.symbol] = (dict(tick.bids), dict(tick.asks))
                case BookChange() if tick.symbol in plain:
                    for side, told in zip(plain[tick.symbol], (tick.bids, tick.asks), strict=True):
                        side.update(told)
                case BookChange():
                    pass
                case _:
                    continue
            books.setdefault(tick.symbol, OrderBook(tick.symbol)).apply(tick)
    assert plain
    for symbol, (bids, asks) in plain.items():
        best = books[symbol].best()
        assert best is not None
        assert best.bid == max(price for price, size in bids.items() if size)
        assert best.ask == min(price for price, size in asks.items() if size)
        assert best.bid < best.ask
        assert books[symbol].gaps == 0


def test_binance_books_complete_once_their_depth_was_fetched() -> None:
    folder = "1_exchange_captures/cryptofeed/"
    frames = []
    for name in ("BINANCE.ws.1.0.shared.txt.gz", "BINANCE.http.0.0.txt.gz"):
        frames += [f for f in read_frames(recorded.path(folder + name)) if isinstance(f, Frame)]
    books: dict[str, OrderBook] = {}
    binance = PARSERS["binance"]
    for frame in sorted(frames, key=lambda frame: frame.at):
        if frame.direction is Direction.received:
            ticks = binance.parse(frame.text)
        elif frame.direction is Direction.body:
            ticks = binance.parse_rest(frame.url, frame.text)
        else:
            continue
        for tick in ticks:
            if isinstance(tick, BookSnapshot | BookChange):
                books.setdefault(tick.symbol, OrderBook(tick.symbol)).apply(tick)
    assert sorted(books) == ["BLZ-ETH", "LRC-BTC", "NKN-USDT", "RUNE-EUR"]
    for book in books.values():
        best = book.best()
        assert book.complete, (book.symbol, book.gaps)
        assert best is not None
        assert best.bid is not None
        assert best.ask is not None
        assert best.bid < best.ask
