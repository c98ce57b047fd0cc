"""Stooq's bulk text files: the header's PER column says the span, TICKER the symbol."""

from tio.api.market import Timeframe

_SPANS = {
    "1": Timeframe.m1,
    "3": Timeframe.m3,
    "5": Timeframe.m5,
    "15": Timeframe.m15,
    "30": Timeframe.m30,
    "60": Timeframe.h1,
    "120": Timeframe.h2,
    "240": Timeframe.h4,
    "D": Timeframe.d1,
    "W": Timeframe.w1,
    "M": Timeframe.mo1,
}


def span(text: str) -> Timeframe | None:
    """The timeframe a PER column means: D, W, M, or minutes."""
    return _SPANS.get(text.strip().upper())


def symbol(ticker: str) -> str:
    """`BRK-B.US` is `BRK.B`; other markets keep their suffix."""
    name = ticker.strip().upper()
    return name.removesuffix(".US").replace("-", ".") if name.endswith(".US") else name
