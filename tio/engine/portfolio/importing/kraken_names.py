"""Kraken's spellings of coins and currencies: XXBT, ZUSD, DOT.S, XETHZEUR."""

import re

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.coins import FIAT, STABLE

_KNOWN = {"XBT": "BTC", "XDG": "DOGE", "ETH2": "ETH"}
_OLD = frozenset("ETC ETH LTC MLN REP XBT XDG XLM XMR XRP ZEC".split())
_QUOTES = (*sorted(FIAT), *sorted(STABLE, key=len), "XBT", "BTC", "ETH", "DOT")
_STAKED = re.compile(r"\d*\.[SMFPBT]$|\.HOLD$")


def coin_named(text: str) -> str:
    """XXBT is BTC, ZUSD is USD, DOT28.S is DOT."""
    name = _STAKED.sub("", text.strip().upper())
    if len(name) == 4 and ((name[0] == "Z" and name[1:] in FIAT) or name[1:] in _OLD):
        name = name[1:]
    return _KNOWN.get(name, name)


def parted(pair: str) -> tuple[str, str]:
    """Base and quote of XXBTZUSD, XBTUSD or BTC/USD; Invalid."""
    pair = pair.strip().upper()
    if "/" in pair:
        base, _, quote = pair.partition("/")
        return coin_named(base), coin_named(quote)
    if len(pair) == 8 and pair[0] == "X" and pair[4] in "XZ" and pair[1:4] in _OLD:
        return coin_named(pair[:4]), coin_named(pair[4:])
    for quote in _QUOTES:
        base = pair.removesuffix(quote)
        if base and base != pair:
            return coin_named(base), coin_named(quote)
    raise Invalid(f"pair: {pair!r} is not two assets that are known here")
