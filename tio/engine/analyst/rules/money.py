"""Amounts of money in sentences: grouped, with a sign where they are changes."""

from decimal import Decimal

from tio.engine.analyst.rules.scope import number

Amount = Decimal | float


def money(value: Amount) -> str:
    """Two decimals with thin grouping; of what is under one as many as it has, at most six."""
    if value and -1 < value < 1:
        return f"{value:,.6f}".rstrip("0").rstrip(".").replace("-", "\u2212")
    text = f"{value:,.2f}".replace(",", "\u2009").replace("-", "\u2212")
    return text.removesuffix(".00")


def change(value: Amount) -> str:
    """With its sign."""
    return f"+{money(value)}" if value > 0 else money(value)


def percent(part: Amount | None, whole: Amount | None) -> float | None:
    """How much of the size of `whole` `part` is; None where either is unknown or it is zero."""
    if part is None or whole is None or not whole:
        return None
    return 100.0 * float(part) / abs(float(whole))


def share(part: Amount, whole: Amount) -> str:
    """The same in brackets, nothing where it cannot be told."""
    found = percent(part, whole)
    if found is None:
        return ""
    return f" ({'+' if found > 0 else ''}{number(found, 2)} %)"
