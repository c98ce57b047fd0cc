import pytest

from tio.api.market import Side
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, TopOfBook, Trade
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.kraken_futures import parse, symbol_of


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("PI_ETHUSD", "ETH-USD-PERP"),
        ("pi_xbtusd", "BTC-USD-PERP"),
        ("FI_XBTUSD_210924", "BTC-USD-210924"),
        ("PF_XBTUSD", "BTC-USD-PERP-FLEX"),
        ("FF_ETHUSD_240927", "ETH-USD-240927-FLEX"),
        ("PF_SOLUSDT", "SOL-USDT-PERP-FLEX"),
        ("IN_XBTUSD", "BTC-USD-INDEX"),
    ],
)
def test_products_resolve_to_our_symbols(theirs: str, ours: str) -> None:
    assert symbol_of(theirs) == ours


@pytest.mark.parametrize("theirs", ["", "XBTUSD", "PI_XBTUSD_210924", "FI_XBTUSD", "PI_USD"])
def test_what_is_no_product_is_garbage(theirs: str) -> None:
    with pytest.raises(Garbage):
        symbol_of(theirs)


TRADE = (
    '{"feed":"trade","product_id":"PI_XBTUSD","uid":"05af","side":"sell","type":"fill",'
    '"seq":653355,"time":1612266317519,"qty":15000,"price":34969.5}'
)


def test_trade_folds_and_snapshot_does_not_and_ends_with_the_newest() -> None:
    assert parse(TRADE) == (
        Trade("BTC-USD-PERP", 34969.5, 15000.0, 1612266317519000, Side.sell, "05af"),
    )
    older = TRADE.replace("1612266317519", "1612266317000")
    first, last = parse(
        f'{{"feed":"trade_snapshot","product_id":"PI_XBTUSD","trades":[{TRADE},{older}]}}'
    )
    assert isinstance(first, Trade)
    assert isinstance(last, Trade)
    assert (first.at, last.at) == (1612266317000000, 1612266317519000)
    assert not first.folds
    assert not last.folds


def test_lite_ticker_has_no_time_and_a_change_in_percent() -> None:
    frame = (
        '{"feed":"ticker_lite","product_id":"PI_XBTUSD","bid":34932.5,"ask":34949,"change":3.3,'
        '"premium":0.1,"volume":264,"tag":"perpetual","pair":"XBT:USD","dtm":0,"maturityTime":0}'
    )
    assert parse(frame) == (
        DayFigures(symbol="BTC-USD-PERP", volume=264.0, change_percent=3.3),
        TopOfBook("BTC-USD-PERP", 34932.5, 34949.0),
    )


def test_book_is_numbered_and_empty_levels_of_a_snapshot_are_none() -> None:
    snapshot = (
        '{"feed":"book_snapshot","product_id":"PI_XBTUSD","timestamp":1612269825817,"seq":5,'
        '"tickSize":null,"bids":[{"price":34892.5,"qty":6385},{"price":34892,"qty":0}],'
        '"asks":[{"price":34911.5,"qty":20598}]}'
    )
    assert parse(snapshot) == (
        BookSnapshot(
            "BTC-USD-PERP", ((34892.5, 6385.0),), ((34911.5, 20598.0),), 1612269825817000, 5
        ),
    )
    change = (
        '{"feed":"book","product_id":"PI_XBTUSD","side":"sell","seq":6,"price":34981,"qty":0,'
        '"timestamp":1612269953629}'
    )
    assert parse(change) == (
        BookChange("BTC-USD-PERP", (), ((34981.0, 0.0),), 1612269953629000, 6, 6),
    )


@pytest.mark.parametrize(
    "frame",
    ['{"event":"info","version":1}', '{"event":"subscribed","feed":"book"}', '{"feed":"fills"}'],
)
def test_frames_without_prices_say_nothing(frame: str) -> None:
    assert parse(frame) == ()


@pytest.mark.parametrize(
    "frame",
    ["{}", '{"feed":"wow"}', '{"event":"wow"}', TRADE.replace("34969.5", '"x"'), TRADE[1:]],
)
def test_what_is_not_a_frame_is_garbage(frame: str) -> None:
    with pytest.raises(Garbage):
        parse(frame)
