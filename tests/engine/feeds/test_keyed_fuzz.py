"""Whatever a server with a key says, its parser answers or says that it is garbage."""

import contextlib
import json
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.engine.feeds import massive, tiingo, twelvedata
from tio.engine.feeds.frames import Garbage

_PRICES = {"open": "1.5", "high": 2, "low": 1, "close": "1.75", "volume": 3}
_DAY = _PRICES | {"date": "2020-08-31T00:00:00.000Z", "divCash": 0.5, "splitFactor": 4.0}
_ADJUSTED = {f"adj{name.capitalize()}": value for name, value in _PRICES.items()}
_SAID: list[tuple[ModuleType, str, object]] = [
    (
        twelvedata,
        "https://api.twelvedata.com/time_series?symbol=AAPL",
        {
            "meta": {"symbol": "AAPL", "interval": "1day", "currency": "USD"},
            "values": [_PRICES | {"datetime": "2020-08-31"}],
            "status": "ok",
        },
    ),
    (
        twelvedata,
        "https://api.twelvedata.com/quote?symbol=AAPL,EUR/USD",
        {
            "AAPL": _PRICES | {"symbol": "AAPL", "last_quote_at": 1_795_186_740},
            "EUR/USD": {"code": 429, "message": "out of API credits", "status": "error"},
        },
    ),
    (tiingo, "https://api.tiingo.com/tiingo/daily/aapl/prices", [_DAY | _ADJUSTED]),
    (
        tiingo,
        "https://api.tiingo.com/iex/?tickers=aapl",
        [{"ticker": "AAPL", "timestamp": "2020-08-31T14:00:00Z", "tngoLast": 1.5, "bidPrice": 1}],
    ),
    (
        massive,
        "https://api.massive.com/v2/aggs/ticker/AAPL/range/1/day/a/b",
        {"status": "OK", "results": [{"t": 1e12, "o": 1, "h": 2, "l": 1, "c": 2, "v": 3}]},
    ),
    (
        massive,
        "https://api.massive.com/v2/aggs/ticker/AAPL/prev",
        {"status": "OK", "results": [{"t": 1e12, "o": 1, "h": 2, "l": 1, "c": 2, "T": "AAPL"}]},
    ),
]
_WORDS = st.sampled_from(
    ["null", "-1", "1e999", '"nan"', '"inf"', "[]", "{}", '""', "1e18", '"\\u0000"', "true", "é"]
)


@pytest.mark.parametrize(("source", "url", "said"), _SAID)
def test_what_is_spoilt_answers_or_is_garbage(source: ModuleType, url: str, said: object) -> None:
    whole = json.dumps(said)
    assert source.parse_rest(url, whole), "unspoilt it says something"

    @settings(max_examples=150)
    @given(st.integers(0, len(whole)), st.integers(0, 40), st.one_of(_WORDS, st.text(max_size=12)))
    def spoil(at: int, cut: int, put: str) -> None:
        with contextlib.suppress(Garbage):
            source.parse_rest(url, whole[:at] + put + whole[at + cut :])

    spoil()


@given(st.sampled_from([each[:2] for each in _SAID]), st.binary(max_size=200))
def test_any_bytes_are_garbage(of: tuple[ModuleType, str], body: bytes) -> None:
    source, url = of
    with contextlib.suppress(Garbage):
        assert source.parse_rest(url, body) == ()
