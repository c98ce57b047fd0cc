"""Whatever a venue's REST answers, reading it gives values or says Garbage."""

from collections.abc import Callable

import pytest
from pump import spoilt

from tio.engine.feeds import bitstamp_rest, kraken_answers, kraken_rest, okx_answers
from tio.engine.feeds.frames import Garbage

Reader = Callable[[str], object]

READERS: dict[str, tuple[Reader, str]] = {
    "kraken pairs": (
        kraken_rest.read_pairs,
        (
            '{"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD",'
            '"pair_decimals":1,"lot_decimals":8,"status":"online"}}}'
        ),
    ),
    "kraken bars": (
        kraken_rest.read_bars,
        '{"error":[],"result":{"XBTUSDT":[[1762777020,"1","3","0.5","2","1.5","7",3]],"last":9}}',
    ),
    "kraken trades": (
        lambda body: kraken_rest.read_trades(body, "BTC-USD"),
        '{"error":[],"result":{"XBTUSDT":[["1","2",1762795433.97,"b","l","",10]],"last":"17"}}',
    ),
    "kraken tickers": (
        lambda body: kraken_rest.read_tickers(body, {"XBTUSDT": "BTC-USDT"}),
        (
            '{"error":[],"result":{"XBTUSDT":{"a":["1","1","1"],"b":["1","1","1"],"c":["1","1"],'
            '"v":["1","2"],"p":["1","2"],"t":[3,4],"l":["1","1"],"h":["1","1"],"o":"1"}}}'
        ),
    ),
    "kraken refusal": (kraken_rest.refusal, '{"error":["EAPI:Rate limit exceeded"]}'),
    "kraken answer": (
        kraken_answers.read_answer,
        '{"method":"subscribe","result":{"channel":"book","symbol":"BTC/USD"},"success":true}',
    ),
    "bitstamp pairs": (
        bitstamp_rest.read_pairs,
        (
            '[{"name":"BTC/USD","url_symbol":"btcusd","base_decimals":8,"counter_decimals":0,'
            '"trading":"Enabled","description":"Bitcoin"}]'
        ),
    ),
    "bitstamp bars": (
        bitstamp_rest.read_bars,
        (
            '{"data":{"ohlc":[{"timestamp":"1700000000","open":"1","high":"3","low":"1","close":"2",'
            '"volume":"7.5"}]}}'
        ),
    ),
    "bitstamp tickers": (
        bitstamp_rest.read_tickers,
        (
            '[{"pair":"BTC/USD","timestamp":"1700000000","high":"3","low":"1","last":"2","volume":"7",'
            '"bid":"1","ask":"2"}]'
        ),
    ),
    "bitstamp refusal": (bitstamp_rest.refusal, '{"status":"error","reason":"no","code":"7"}'),
    "okx instruments": (
        okx_answers.read_instruments,
        (
            '{"code":"0","data":[{"instId":"BTC-USDT","baseCcy":"BTC","quoteCcy":"USDT",'
            '"state":"live","tickSz":"0.1","lotSz":"0.00000001"}]}'
        ),
    ),
    "okx bars": (
        okx_answers.read_bars,
        '{"code":"0","data":[["1597026383085","3","5","2","4","7.5","30","30","1"]]}',
    ),
    "okx refusal": (okx_answers.refusal, '{"code":"50011","msg":"Too Many Requests","data":[]}'),
    "okx answer": (
        okx_answers.read_answer,
        '{"event":"error","code":"60018","msg":"channel:trades,instId:FOO-USDT"}',
    ),
}


@pytest.mark.parametrize("name", READERS)
def test_a_spoilt_answer_is_read_or_garbage(name: str) -> None:
    read, body = READERS[name]
    assert read(body), "unspoilt it says something"
    refused = 0
    for text in spoilt([body], 1_000):
        try:
            read(text)
        except Garbage as garbage:
            refused += 1
            assert garbage.sentence.isprintable()
    assert refused or name == "bitstamp refusal"


@pytest.mark.parametrize("name", READERS)
def test_deep_nesting_is_one_clear_error(name: str) -> None:
    read, _ = READERS[name]
    if name == "bitstamp refusal":
        assert read("[" * 100_000) is None
    else:
        with pytest.raises(Garbage):
            read("[" * 100_000)
