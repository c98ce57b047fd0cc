"""Binance USD-M futures: the shapes of `binance`, of other contracts, so under other symbols."""

import re
from functools import lru_cache

from msgspec.structs import replace

from tio.api.market import AssetClass
from tio.api.ticks import Tick
from tio.engine.feeds import binance
from tio.plugin import Traits

NAME = "binance_futures"
TRAITS = Traits(name=NAME, asset_class=AssetClass.crypto)
HOSTS = ("fstream.binance.com", "fapi.binance.com")

_DATED = re.compile(r".+-\d{6}")


def symbol_of(venue_spelling: str) -> str:
    """`BTCUSDT` → `BTC-USDT-PERP`, `BTCUSDT_240329` → `BTC-USDT-240329`."""
    return _contract(binance.symbol_of(venue_spelling))


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """What one frame says, of a raw stream or in the envelope of a combined one."""
    return tuple(_of_contract(tick) for tick in binance.parse(text))


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """The depth snapshot and the klines of the REST interface; () for every other answer."""
    return tuple(_of_contract(tick) for tick in binance.parse_rest(url, body))


def _of_contract(tick: Tick) -> Tick:
    return replace(tick, symbol=_contract(tick.symbol))


@lru_cache(8_192)
def _contract(symbol: str) -> str:
    return symbol if _DATED.fullmatch(symbol) else f"{symbol}-PERP"
