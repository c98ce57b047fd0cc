import pytest

from tio.api.ticks import BookChange, BookSnapshot, TopOfBook
from tio.engine.feeds.binance_futures import parse, parse_rest, symbol_of
from tio.engine.feeds.book import OrderBook

DEPTH = "https://fapi.binance.com/fapi/v1/depth?symbol=SUSHIUSDT&limit=1000"


def update(previous: int, first: int, last: int, bid: str) -> tuple[object, ...]:
    return parse(
        f'{{"e":"depthUpdate","E":1626992741037,"T":1626992741024,"s":"SUSHIUSDT","U":{first},'
        f'"u":{last},"pu":{previous},"b":[["{bid}","1"]],"a":[]}}'
    )


@pytest.mark.parametrize(
    ("spelling", "symbol"),
    [("btcusdt", "BTC-USDT-PERP"), ("BTCUSDT_240329", "BTC-USDT-240329")],
)
def test_contracts_are_told_from_spot_pairs(spelling: str, symbol: str) -> None:
    assert symbol_of(spelling) == symbol


def test_the_best_of_a_contract_carries_its_time() -> None:
    frame = (
        '{"stream":"sushiusdt@bookTicker","data":{"e":"bookTicker","u":600859600576,'
        '"s":"SUSHIUSDT","b":"7.6110","B":"2","a":"7.6120","A":"297","T":1626992741012,'
        '"E":1626992741017}}'
    )
    (top,) = parse(frame)
    assert isinstance(top, TopOfBook)
    assert (top.symbol, top.bid, top.ask_size) == ("SUSHI-USDT-PERP", 7.611, 297.0)


def test_numbers_that_jump_between_updates_are_no_gap() -> None:
    (whole,) = parse_rest(DEPTH, '{"lastUpdateId":100,"bids":[["7.5","1"]],"asks":[]}')
    assert isinstance(whole, BookSnapshot)
    book = OrderBook(whole.symbol)
    book.apply(whole)
    for numbers, bid in (((90, 95, 110), "7.6"), ((110, 150, 180), "7.7")):
        (change,) = update(*numbers, bid)
        assert isinstance(change, BookChange)
        book.apply(change)
    best = book.best()
    assert best is not None
    assert (best.symbol, best.bid, book.gaps) == ("SUSHI-USDT-PERP", 7.7, 0)
    (lost,) = update(190, 195, 199, "7.8")
    assert isinstance(lost, BookChange)
    book.apply(lost)
    assert book.best() is None
