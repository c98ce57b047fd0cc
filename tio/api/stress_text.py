"""How shocks are written: `AAPL=-20% USD=-5% market=-10%`; `-10%` alone is the market's."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.stress import Shock

EXAMPLE = "as AAPL=-20% USD=-5% market=-10%"
_HUNDRED = Decimal(100)


def shocks_in(words: Iterable[str]) -> tuple[Shock, ...]:
    """The shocks some words mean, each NAME=CHANGE in percent; Invalid."""
    return tuple(_shock(word) for text in words for word in text.replace(",", " ").split())


def _shock(word: str) -> Shock:
    name, equals, change = word.rpartition("=")
    if equals and not name:
        raise Invalid(f"{clean(word)[:40]!r} names nothing to shock", EXAMPLE)
    try:
        percent = Decimal(change.removesuffix("%").replace("−", "-"))
    except InvalidOperation:
        percent = Decimal("NaN")
    if not percent.is_finite():
        raise Invalid(f"{clean(word)[:40]!r} is no shock: it has no percentage", EXAMPLE)
    return Shock(change=percent / _HUNDRED, of=name)
