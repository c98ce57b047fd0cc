"""Exact money: nothing is rounded unseen, and a part taken leaves the rest of the whole."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, Inexact, InvalidOperation
from functools import lru_cache

from tio.api.errors import Invalid

ZERO, ONE = Decimal(0), Decimal(1)
EXACT = Context(
    prec=200, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Inexact]
)
"""Sums and products of what `checked` lets in never need more digits; else it raises."""
_ROUNDED = Context(prec=200, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero])
_FINE = Decimal(1).scaleb(-18)
_SHARES = Decimal(1).scaleb(-8)
_PLACES = tuple(Decimal(1).scaleb(-places) for places in range(19))
_MOST = Decimal(10) ** 15
_HUNDREDTH, _THOUSANDTH = Decimal("0.01"), Decimal("0.001")
_MINOR = {
    "GBp": ("GBP", _HUNDREDTH),
    "GBX": ("GBP", _HUNDREDTH),
    "ZAc": ("ZAR", _HUNDREDTH),
    "ZAC": ("ZAR", _HUNDREDTH),
    "ILA": ("ILS", _HUNDREDTH),
    "KWF": ("KWD", _THOUSANDTH),
}


@lru_cache(maxsize=256)
def major(currency: str) -> tuple[str, Decimal]:
    """The currency a code is counted in, and how much of it one unit of the code is."""
    return _MINOR.get(currency) or (currency.upper(), ONE)


def share(whole: Decimal, part: Decimal, of: Decimal) -> Decimal:
    """whole × part ÷ of, to 18 decimals; all of it where part is of."""
    if part == of:
        return whole
    return _ROUNDED.quantize(_ROUNDED.multiply(whole, _ROUNDED.divide(part, of)), _FINE)


def shares(part: Decimal, of: Decimal, *wholes: Decimal) -> tuple[Decimal, ...]:
    """The share of each, as `share` would tell it."""
    if part == of:
        return wholes
    times, fraction = _ROUNDED.multiply, _ROUNDED.divide(part, of)
    return tuple([_ROUNDED.quantize(times(whole, fraction), _FINE) for whole in wholes])


def ratio(part: Decimal, of: Decimal) -> Decimal | None:
    """part ÷ of, to 18 decimals; None where `of` is zero."""
    return _ROUNDED.quantize(_ROUNDED.divide(part, of), _FINE) if of else None


def rounded(value: Decimal, places: int = 12) -> Decimal:
    """To so many decimals, half to even: for what was looked up and is no exact figure."""
    return _ROUNDED.quantize(value, _PLACES[places]).normalize(_ROUNDED)


def plain(value: Decimal) -> str:
    """All its digits, without zeros after them."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rescaled(quantity: Decimal, factor: Decimal) -> Decimal:
    """A quantity after a split, to 8 decimals or those it has: one for three is no finite one."""
    finest = min(_SHARES, Decimal(1).scaleb(-decimals(quantity)))
    return (
        _ROUNDED.multiply(quantity, factor).quantize(finest, context=_ROUNDED).normalize(_ROUNDED)
    )


def decimals(value: Decimal) -> int:
    """How many a finite number has, trailing zeros left out."""
    exponent = _ROUNDED.create_decimal(value).normalize(_ROUNDED).as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def checked(name: str, value: Decimal) -> Decimal:
    """The value, if a ledger can hold it exactly; Invalid beyond 10¹⁵ or 18 decimals."""
    if not value.is_finite():
        raise Invalid(f"{name} must be a number, was {value}")
    if abs(value) >= _MOST:
        raise Invalid(f"{name} must be below 10^15, was {value}")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -18:
        raise Invalid(f"{name} may have 18 decimals, had {-exponent}", "round it")
    return value
