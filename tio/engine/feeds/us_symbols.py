"""Which internal symbols name a share or fund of a US exchange, and their parts."""

import re

from tio.engine.market.symbols import is_fx
from tio.engine.market.venues import SUFFIXES

_SHARE = re.compile(r"[A-Z][A-Z0-9]{0,9}(\.(PR\.)?[A-Z]{1,2})?")


def is_us(symbol: str) -> bool:
    """`AAPL`, `BRK.B`, `JPM.PR.C`; no currencies, indices, coins, nor what names a venue."""
    if not _SHARE.fullmatch(symbol) or is_fx(symbol):
        return False
    _, dot, suffix = symbol.rpartition(".")
    # Of single letters only London's and Tokyo's are taken for a venue, the others for a class.
    return not dot or suffix not in SUFFIXES or (len(suffix) == 1 and suffix not in "LT")


def dashed(symbol: str) -> str:
    """`BRK-B` of `BRK.B`, `JPM-PC` of `JPM.PR.C`, as many spell them."""
    return symbol.replace(".PR.", "-P").replace(".", "-")
