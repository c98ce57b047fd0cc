"""How live a quote is, in a word or two."""

from tio.api.market import Quote, Session
from tio.draw.table import age
from tio.screens.widgets.quote_columns import mark

OLD = 60.0
"""Seconds from which on a quote is no longer called live."""


def liveness(quote: Quote, waited: float = 0.0) -> str:
    """`LIVE 38 ms`, `SIM`, `D15`, `STALE 42s`, `CLOSED 3h`; `6m old` when nothing came since.

    `waited` is how long ago it came, in seconds: it grows old on the screen too.
    """
    now = None if quote.age is None else quote.age + waited
    marked = mark(quote, now)[0]
    if marked:
        return marked
    if quote.session is Session.closed:
        return f"CLOSED {age(now)}".strip(" ·")
    if now is None:
        return "age unknown"
    if now < 2:
        return f"LIVE {now * 1000:.0f} ms" if waited < 1 else "LIVE"
    return f"LIVE {age(now)}" if now < OLD else f"{age(now)} old"
