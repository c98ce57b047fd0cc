"""Decimals of a ledger as people read them: exact, grouped by thousands, never through floats."""

from decimal import ROUND_HALF_EVEN, Decimal

_DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "TND": 3}
_HIDDEN = "•••"
MINUS = "−"


def money(
    value: Decimal | None, currency: str = "", *, sign: bool = False, hidden: bool = False
) -> str:
    """An amount to the currency's decimals, `–` where there is none; `sign` shows a plus too."""
    if value is None:
        return "–"
    return _HIDDEN if hidden else _grouped(value, _DECIMALS.get(currency, 2), sign)


def quantity(value: Decimal | None, *, hidden: bool = False) -> str:
    """A quantity with the decimals it has, no zeros after them."""
    if value is None:
        return "–"
    if hidden:
        return _HIDDEN
    text = f"{abs(value):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{MINUS}{text}" if value < 0 and text != "0" else text


def unit_price(value: Decimal | None, decimals: int = 2) -> str:
    """A price: at least two decimals, more where it has them, six at most."""
    if value is None:
        return "–"
    exponent = value.normalize().as_tuple().exponent
    own = -exponent if isinstance(exponent, int) else decimals
    return _grouped(value, min(max(own, decimals), 6), False)


def average_price(value: Decimal | None) -> str:
    """A price that was divided, so that its decimals say nothing: two from 1,000, four from 1."""
    if value is None:
        return "–"
    places = 2 if abs(value) >= 1000 else 4 if abs(value) >= 1 else 6
    return unit_price(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN))


def percent(part: Decimal | None, whole: Decimal | None, *, sign: bool = True) -> str:
    """part ÷ whole in percent, `–` where there is none."""
    if part is None or not whole:
        return "–"
    return f"{_grouped(part / abs(whole) * 100, 2, sign)}%"


def _grouped(value: Decimal, decimals: int, sign: bool) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    mark = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
    return f"{mark}{abs(rounded):,f}"
