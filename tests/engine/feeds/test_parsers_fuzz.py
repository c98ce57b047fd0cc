"""Whatever bytes come, a parser gives ticks or says Garbage; nothing else ever leaves it."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, TopOfBook, Trade
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.sources import PARSERS, SOURCES
from tio.engine.feeds.tio_ticks import written

KINDS = (Trade, TopOfBook, DayFigures, BookSnapshot, BookChange, SourceBar)
FRAMES = {
    "coinbase": (
        (
            '{"type":"match","trade_id":10,"side":"sell","size":"5.23","price":"400.23",'
            '"product_id":"BTC-USD","sequence":50,"time":"2014-11-07T08:19:27.028459Z"}'
        ),
        (
            '{"type":"l2update","product_id":"BTC-USD","time":"2021-04-17T16:43:37.075351Z",'
            '"changes":[["buy","10.5","0"],["sell","11","2"]]}'
        ),
        (
            '{"channel":"candles","events":[{"candles":[{"start":"1775521800","high":"5","low":"1",'
            '"open":"2","close":"3","volume":"42.5","product_id":"BTC-USD"}]}]}'
        ),
    ),
    "kraken": (
        '[0,[["5541.2","0.15","1534614057.321597","s","l",""]],"trade","XBT/USD"]',
        '[0,{"as":[["5541.3","2.5","1534614248.1"]],"bs":[]},"book-10","XBT/USD"]',
        (
            '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":'
            '[{"price":10.5,"qty":0}],"asks":[],"timestamp":"2023-10-06T17:35:55.440295Z"}]}'
        ),
    ),
    "kraken_futures": (
        (
            '{"feed":"trade","product_id":"PI_XBTUSD","uid":"05af","side":"sell","type":"fill",'
            '"seq":653355,"time":1612266317519,"qty":15000,"price":34969.5}'
        ),
        (
            '{"feed":"book","product_id":"PI_XBTUSD","side":"sell","seq":6,"price":34981,"qty":0,'
            '"timestamp":1612269953629}'
        ),
    ),
    "binance": (
        (
            '{"stream":"nknusdt@aggTrade","data":{"e":"aggTrade","E":1,"s":"NKNUSDT","a":12345,'
            '"p":"0.3528","q":"58","T":1633998523962,"m":true}}'
        ),
        (
            '{"e":"depthUpdate","E":1633998512068,"s":"NKNUSDT","U":157,"u":160,'
            '"b":[["0.3513","6195"]],"a":[["0.36","0"]]}'
        ),
    ),
    "binance_us": ('{"u":400900217,"s":"BTCUSD","b":"25.35","B":"31.21","a":"25.36","A":"40.66"}',),
    "binance_futures": (
        (
            '{"e":"depthUpdate","E":1626992741037,"T":1626992741024,"s":"SUSHIUSDT","U":90,'
            '"u":917,"pu":61,"b":[["7.5040","813"]],"a":[["7.6150","0"]]}'
        ),
    ),
    "bitstamp": (
        (
            '{"event":"trade","channel":"live_trades_btcusd","data":{"id":171,"amount":0.5,'
            '"price":56.25,"type":1,"timestamp":"1618677817","microtimestamp":"1618677817012345"}}'
        ),
    ),
    "okx": (
        (
            '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT",'
            '"tradeId":"130639474","px":"42219.9","sz":"0.12","side":"buy","ts":"1630048897897"}]}'
        ),
        (
            '{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":'
            '[["8476.98","415","0","13"]],"bids":[],"ts":"1597026383085","prevSeqId":1,"seqId":2}]}'
        ),
    ),
    "yahoo": (
        '{"type":"pricing","message":"CgRBQVBMFQDAh0MYsIXggdVmKgNOTVMwCDgCRSS5/D1lH4WrPtgBBA=="}',
        (
            '{"quoteResponse":{"result":[{"symbol":"VOD.L","quoteType":"EQUITY","currency":"GBp",'
            '"regularMarketPrice":72.5,"regularMarketTime":1739566800}],"error":null}}'
        ),
    ),
    "alpaca": (
        (
            '[{"T":"t","S":"AAPL","i":7,"x":"V","p":150.5,"s":10,"t":"2026-11-20T15:00:00.5Z"},'
            '{"T":"q","S":"AAPL","bp":150.4,"bs":2,"ap":150.6,"as":1,"t":"2026-11-20T15:00:00Z"}]'
        ),
        ('[{"T":"b","S":"BRK.B","o":10,"h":12,"l":9,"c":11,"v":100,"t":"2026-11-20T15:00:00Z"}]'),
    ),
    "finnhub": (
        '{"type":"trade","data":[{"s":"AAPL","p":150.5,"t":1795186800123,"v":10,"c":["1"]}]}',
    ),
    "tio_ticks": (written([Trade("SIM:ACME", 10.5, 3.0, 1_618_677_817_012_345)]),),
}


ANSWERS = {
    "coinbase": "https://api.exchange.coinbase.com/products/BTC-USD/candles?granularity=60",
    "bitstamp": "https://www.bitstamp.net/api/v2/ticker/btcusd/",
    "alpaca": "https://data.alpaca.markets/v2/stocks/snapshots?symbols=AAPL",
    "finnhub": "https://finnhub.io/api/v1/quote?symbol=AAPL",
    "yahoo": "https://query1.finance.yahoo.com/v8/finance/chart/AAPL?interval=1d",
}


def holds(source: str, frame: str | bytes) -> None:
    for read in (PARSERS[source].parse, _as_answer(source)):
        try:
            ticks = read(frame)
        except Garbage as garbage:
            assert garbage.sentence.isprintable()
        else:
            assert all(type(tick) in KINDS and tick.symbol.isprintable() for tick in ticks)


def _as_answer(source: str):  # type: ignore[no-untyped-def]
    url = ANSWERS.get(source, "https://api.example/api/v3/depth?symbol=BTCUSDT")
    return lambda body: PARSERS[source].parse_rest(url, body)


@pytest.mark.parametrize("source", SOURCES)
def test_two_thousand_mutated_frames_a_source_are_ticks_or_garbage(source: str) -> None:
    dice = random.Random(source)
    for frame in FRAMES[source]:
        assert PARSERS[source].parse(frame), "the unmutated frame says something"
    for _ in range(2_000):
        mutated = bytearray(dice.choice(FRAMES[source]).encode())
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(mutated))
            match dice.randrange(4):
                case 0:
                    mutated[place] ^= 1 << dice.randrange(8)
                case 1:
                    del mutated[place : place + dice.randint(1, 20)]
                case 2:
                    mutated[place:place] = dice.choice(
                        (b"null", b'"\\u001b[2J"', b"1e999", b"-", b"[[[[", b"{}", b"\xff\x00")
                    )
                case 3:
                    mutated = mutated[: place + 1]
            if not mutated:
                mutated = bytearray(b" ")
        holds(source, bytes(mutated))
        holds(source, mutated.decode(errors="surrogateescape"))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "opening", ["[", '{"data":', '{"type":"match","x":[', "[1,[", '{"events":[{"a":']
)
def test_a_hundred_thousand_nested_levels_are_garbage(source: str, opening: str) -> None:
    with pytest.raises(Garbage):
        PARSERS[source].parse(opening * 100_000)


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=150, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_any_bytes_or_text_are_ticks_or_garbage(source: str, data: str | bytes) -> None:
    holds(source, data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "e", "s", "p", "data", "ticks", "event", "channel", "feed"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=150, deadline=None)
@given(value=json_values)
def test_any_json_is_ticks_or_garbage(source: str, value: object) -> None:
    holds(source, json.dumps(value))
