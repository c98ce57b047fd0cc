"""The live sources there are, what each can serve, and in which order they are asked.

Known without importing any of them: a source's module is imported when somebody first needs it.
The orders are those of the keyless first run; a source that needs a key comes before the keyless
ones once it has it, but for those whose free plans are too small to be asked first.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

from tio.api.market import AssetClass

_A = AssetClass
_CRYPTO = frozenset({_A.crypto})
_SHARES = frozenset({_A.equity, _A.etf, _A.fund})


class Known(NamedTuple):
    """A live source: its asset classes, the credentials it needs, and what must be said of it.

    `optional` credentials raise its limits; `on` is whether it serves before anybody switched it.
    """

    name: str
    assets: frozenset[AssetClass]
    needs_key: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    unofficial: bool = False
    attribution: str = ""
    on: bool = True


CATALOGUE: Mapping[str, Known] = {
    known.name: known
    for known in (
        Known("kraken", _CRYPTO | {_A.fx}),
        Known("coinbase", _CRYPTO),
        Known("binance", _CRYPTO),
        Known("binance_us", _CRYPTO, on=False),
        Known("okx", _CRYPTO, on=False),
        Known("bitstamp", _CRYPTO | {_A.fx}),
        Known(
            "yahoo",
            _SHARES | {_A.equity_index, _A.fx, _A.future, _A.crypto},
            unofficial=True,
            attribution="Yahoo Finance, for personal use only",
        ),
        Known("cboe", _SHARES | {_A.equity_index}, unofficial=True, attribution="Cboe, delayed"),
        Known("nasdaq", _SHARES, unofficial=True, attribution="Nasdaq.com, for personal use only"),
        Known(
            "frankfurter",
            frozenset({_A.fx}),
            attribution="European Central Bank reference rates, through Frankfurter",
        ),
        Known("ecb", frozenset({_A.fx}), attribution="European Central Bank"),
        Known(
            "fred",
            frozenset({_A.rate, _A.equity_index}),
            optional=("key",),
            attribution="FRED, Federal Reserve Bank of St. Louis; not endorsed by it",
        ),
        Known("stooq", _SHARES | {_A.equity_index, _A.fx}, needs_key=("key",), unofficial=True),
        Known("edgar", frozenset({_A.equity}), needs_key=("contact",), attribution="SEC EDGAR"),
        Known("finnhub", _SHARES, needs_key=("key",)),
        Known("alpaca", _SHARES, needs_key=("key", "secret")),
        Known("twelvedata", _SHARES | {_A.fx}, needs_key=("key",)),
        Known("tiingo", _SHARES, needs_key=("key",)),
        Known("massive", _SHARES, needs_key=("key",)),
        Known("alpha_vantage", _SHARES | {_A.fx}, needs_key=("key",)),
        Known("ccxt", _CRYPTO, on=False),
    )
}

_VENUES = ("kraken", "coinbase", "binance", "binance_us", "okx", "bitstamp", "ccxt", "yahoo")
_SHARE_QUOTES = (
    "finnhub",
    "alpaca",
    "twelvedata",
    "yahoo",
    "cboe",
    "tiingo",
    "massive",
    "alpha_vantage",
)

LIVE: Mapping[AssetClass, tuple[str, ...]] = {
    _A.crypto: _VENUES,
    _A.equity: _SHARE_QUOTES,
    _A.etf: _SHARE_QUOTES,
    _A.fund: ("yahoo",),
    _A.equity_index: ("yahoo", "cboe", "fred"),
    _A.fx: ("twelvedata", "yahoo", "kraken", "bitstamp", "frankfurter", "ecb"),
    _A.future: ("yahoo",),
    _A.rate: ("fred",),
}
"""Who tells the live quote, the first that can."""

_SHARE_BARS = ("yahoo", "alpaca", "tiingo", "massive", "twelvedata", "alpha_vantage", "stooq")

HISTORY: Mapping[AssetClass, tuple[str, ...]] = {
    _A.crypto: (
        "binance",
        "coinbase",
        "bitstamp",
        "kraken",
        "binance_us",
        "okx",
        "ccxt",
        "yahoo",
    ),
    _A.equity: (*_SHARE_BARS, "nasdaq"),
    _A.etf: (*_SHARE_BARS, "nasdaq"),
    _A.fund: ("yahoo", "tiingo"),
    _A.equity_index: ("yahoo", "fred", "stooq"),
    _A.fx: ("yahoo", "kraken", "twelvedata", "frankfurter", "ecb", "stooq"),
    _A.future: ("yahoo", "stooq"),
    _A.rate: ("fred",),
}
"""Who tells past bars: by depth, which is another order than who tells the quote."""

EVENTS = ("yahoo", "tiingo", "massive", "alpaca", "nasdaq")
PROFILES = ("yahoo", "finnhub", "alpha_vantage", "massive", "edgar")
SEARCH = ("yahoo", "finnhub", "fred")
"""Those that can be searched for nothing; others would spend the calls that tell prices."""


def module_of(name: str) -> Any:
    """The module of a live source; imports it."""
    return import_module(f"tio.engine.feeds.live.{name}")
