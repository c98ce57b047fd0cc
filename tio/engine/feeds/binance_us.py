"""Binance.US: another venue that speaks the language of `binance`."""

from tio.api.market import AssetClass
from tio.engine.feeds.binance import parse, parse_rest, symbol_of
from tio.plugin import Traits

__all__ = ["HOSTS", "NAME", "TRAITS", "parse", "parse_rest", "symbol_of"]

NAME = "binance_us"
TRAITS = Traits(name=NAME, asset_class=AssetClass.crypto)
HOSTS = ("stream.binance.us", "api.binance.us")
