import json
import math

import pytest

from tio.api.errors import Busy, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.ticks import DayFigures, TopOfBook
from tio.engine.feeds.ccxt_answers import Answer, bars, error_of, instruments, read_answer, ticks
from tio.engine.feeds.frames import Garbage


def said(rows: object) -> bytes:
    return json.dumps(rows).encode()


def test_pairs_are_spelled_as_the_exchange_lists_them() -> None:
    listed = instruments(
        said(
            [
                ["BTC/USD", "BTC", "USD", 1, 8],
                ["EUR/USD", "EUR", "USD", 5, 2],
                ["BTC/USD:x\x1b", "BTC", "USDT", None, None],
                ["/USD", "", "USD", 1, 1],
                ["PEPE/USDT", "pepe", "USDT", 14, None],
            ]
        ),
        "bitfinex",
    )
    assert [(each.symbol, each.spellings["ccxt"]) for each in listed] == [
        ("BTC-USD", "BTC/USD"),
        ("PEPE-USDT", "PEPE/USDT"),
    ]
    bitcoin, pepe = listed
    assert (bitcoin.venue, bitcoin.currency, bitcoin.price_decimals) == ("bitfinex", "USD", 1)
    assert pepe.price_decimals is None, "fourteen decimals are more than a price has"


def test_tickers_are_figures_and_best_prices() -> None:
    row = ["BTC/USD", 1_795_186_800_000, 90.5, 90.0, 91.0, 2.0, None, 88.0, 92.0, 87.0, 1_000.0]
    bare = ["ETH/USD", None, None, None, None, None, None, None, None, None, None]
    figures, best = ticks(said([row, bare]), {"BTC/USD": "BTC-USD", "ETH/USD": "ETH-USD"})
    assert figures == DayFigures(
        symbol="BTC-USD",
        at=1_795_186_800_000_000,
        last=90.5,
        open=88.0,
        high=92.0,
        low=87.0,
        volume=1_000.0,
    )
    assert best == TopOfBook("BTC-USD", 90.0, 91.0, 2.0, None, 1_795_186_800_000_000)
    assert list(ticks(said([row]), {})) == []


def test_bars_without_prices_are_none() -> None:
    rows = bars(said([[1_000, 1, 2, 1, 2, None], [2_000, None, None, None, None, 0]]))
    assert len(rows) == 1
    assert rows[0][:5] == (1_000_000, 1.0, 2.0, 1.0, 2.0)
    assert math.isnan(rows[0][5])


@pytest.mark.parametrize("rows", [{}, [[1]], [["a", 1, 2, 3, 4, 5]], 7])
def test_what_are_no_rows_is_garbage(rows: object) -> None:
    for read in (bars, lambda told: ticks(told, {}), lambda told: instruments(told, "x")):
        with pytest.raises(Garbage):
            read(said(rows))


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("missing", SourceUnavailable),
        ("unknown", NotFound),
        ("unserved", NotFound),
        ("busy", Busy),
        ("refused", NotAllowed),
        ("unreachable", SourceUnavailable),
        ("failed", SourceUnavailable),
    ],
)
def test_what_went_wrong_is_the_error_it_is(kind: str, error: type[TioError]) -> None:
    told = error_of(Answer(1, error=kind, words="no\x1b[2J"), "kraken")
    assert type(told) is error
    assert "\x1b" not in told.message
    assert error_of(read_answer(b'{"id": 1, "rows": []}'), "kraken") is None


def test_without_ccxt_one_sentence_says_how_to_install_it() -> None:
    told = error_of(Answer(1, error="missing"), "kraken")
    assert told is not None
    assert told.message == "ccxt is not installed: pip install 'tio[ccxt]'"
