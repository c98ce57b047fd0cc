"""Which of our symbols are shares and funds traded in the United States."""

import re
from functools import lru_cache

from tio.engine.market.symbols import is_fx

_SHARE = re.compile(r"[A-Z][A-Z0-9]{0,7}(\.(PR\.)?[A-Z]|\.WS|\.RT)?")


@lru_cache(8_192)
def is_us_share(symbol: str) -> bool:
    """`AAPL` and `BRK.B` are; a symbol with its venue, a pair, an index or a future is not."""
    return bool(_SHARE.fullmatch(symbol)) and not is_fx(symbol)


def us_symbol(spelling: str) -> str | None:
    """The symbol of a spelling with dots or dashes, in any case; None when it can be none."""
    symbol = spelling.strip().upper().replace("-", ".")
    return symbol if is_us_share(symbol) else None
