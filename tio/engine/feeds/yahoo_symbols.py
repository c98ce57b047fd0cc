"""How Yahoo spells symbols, both ways: `VOD.LSE` is its `VOD.L`, `BRK.B` its `BRK-B`.

Yahoo publishes no list of crypto pairs, and gives a plain ticker to one coin of several that share
it; so only coins whose plain name is theirs are spelled, and Yahoo's own numbered names.
"""

import re
from functools import lru_cache

from tio.api.clean import clean
from tio.engine.feeds.frames import Garbage
from tio.engine.market.symbols import CURRENCIES, is_fx
from tio.engine.market.venues import SUFFIXES, VENUES

NAME = "yahoo"

EXCHANGES = frozenset(
    "L IL DE F BE DU HM HA MU SG PA AS BR LS MI MC SW VX VI CO ST HE OL IC IR AT PR BD WA VS TL RG "
    "IS ME TA QA SR CA JO T HK SS SZ KS KQ TW TWO SI JK BK KL PS VN NS BO AX NZ TO V CN NE SA MX "
    "SN BA CR CL NYB CMX CBT CME NYM CBF TI TG XA XC XD".split()
)
"""The suffixes by which Yahoo names an exchange."""

COINS = frozenset(
    "BTC ETH XRP SOL DOGE ADA LTC BCH LINK XLM TRX BNB ETC XMR DOT AVAX ATOM SHIB HBAR ICP FIL "
    "ALGO VET NEAR AAVE XTZ ZEC DASH USDT USDC".split()
)
"""Coins to which Yahoo gives their plain ticker."""

FIAT = frozenset("USD EUR GBP JPY CAD AUD CHF INR KRW CNY HKD SGD BRL".split())
"""Currencies in which Yahoo quotes coins."""

_SPELLING = re.compile(r"\^?[A-Z0-9][A-Z0-9.&=-]{0,39}")
_OUR_SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.&=-]{0,63}")
_NUMBERED = re.compile(r"[A-Z0-9]*[A-Z][0-9]{3,}")
_PREFERRED = re.compile(r"([A-Z]+)\.PR\.([A-Z])")
_YAHOOS_PREFERRED = re.compile(r"([A-Z]+)-P([A-Z])")
_OF_VENUE = {
    code: next(alias for alias in venue.aliases if alias in EXCHANGES)
    for code, venue in VENUES.items()
    if not EXCHANGES.isdisjoint(venue.aliases)
}
_CLASS = re.compile("[A-Z]|WS|WI|RT|RI")
_YAHOOS_CLASS = re.compile("[A-Z]|WT|UN|WI|RT|RI")
_TAILS = {"WS": "WT", "U": "UN"}
"""Warrants and units: the exchange's tail → Yahoo's."""
_ENDINGS = {yahoos: ours for ours, yahoos in _TAILS.items()}


@lru_cache(8_192)
def spelled(symbol: str) -> str | None:
    """Yahoo's spelling of an internal symbol; None when it cannot have one."""
    if not _OUR_SYMBOL.fullmatch(symbol):
        return None
    if symbol.startswith("^") or symbol.endswith("=F"):
        return symbol
    if is_fx(symbol):
        return f"{symbol}=X"
    if preferred := _PREFERRED.fullmatch(symbol):
        return f"{preferred[1]}-P{preferred[2]}"
    stem, dot, suffix = symbol.rpartition(".")
    if not dot:
        return symbol if "-" not in symbol or _is_coin(symbol) else None
    exchange = _OF_VENUE.get(suffix) or (suffix if suffix in EXCHANGES else "")
    if exchange == "HK" and stem.isdecimal():
        stem = stem.zfill(4)
    if exchange:
        return f"{stem.replace('.', '-')}.{exchange}"
    if "-" in symbol:
        return symbol
    head, *tails = symbol.split(".")
    if not all(_CLASS.fullmatch(tail) for tail in tails):
        return symbol
    return "-".join((head, *(_TAILS.get(tail, tail) for tail in tails)))


@lru_cache(8_192)
def symbol_of(spelling: str) -> str:
    """The internal symbol of Yahoo's spelling; Garbage when it cannot be one."""
    name = spelling.strip().upper()
    if not _SPELLING.fullmatch(name):
        raise Garbage(f"expected a symbol of Yahoo's, was {clean(spelling, limit=60)!r}")
    if name.startswith("^") or name.endswith("=F"):
        return name
    if name.endswith("=X"):
        return _currencies(name)
    stem, _, suffix = name.rpartition(".")
    if stem and suffix in EXCHANGES:
        return f"{stem.replace('-', '.')}.{SUFFIXES.get(suffix, suffix)}"
    if is_pair(name):
        return name
    if preferred := _YAHOOS_PREFERRED.fullmatch(name):
        return f"{preferred[1]}.PR.{preferred[2]}"
    head, *tails = name.split("-")
    if tails and (tails[-1] in EXCHANGES or not all(map(_YAHOOS_CLASS.fullmatch, tails))):
        return name  # `X.L` would be London's
    return ".".join((head, *(_ENDINGS.get(tail, tail) for tail in tails)))


def is_pair(spelling: str) -> bool:
    """Whether a spelling of Yahoo's names a coin in a currency."""
    base, dash, quote = spelling.rpartition("-")
    return bool(dash) and quote in CURRENCIES and "." not in base


def exchange_of(spelling: str) -> str:
    """The exchange a spelling's suffix names, `L` of `VOD.L`; empty when it has none."""
    stem, _, suffix = spelling.rpartition(".")
    return suffix if stem and suffix in EXCHANGES else ""


def venue_of(spelling: str) -> str:
    """The code of the venue that a spelling's suffix names; empty when we know none."""
    return SUFFIXES.get(exchange_of(spelling), "")


def _is_coin(symbol: str) -> bool:
    base, _, quote = symbol.rpartition("-")
    return quote in FIAT and base != quote and (base in COINS or bool(_NUMBERED.fullmatch(base)))


def _currencies(name: str) -> str:
    pair = name[:-2] if len(name) == 8 else f"USD{name[:-2]}"
    if not is_fx(pair):
        raise Garbage(f"expected two currencies, was {name!r}")
    return pair
