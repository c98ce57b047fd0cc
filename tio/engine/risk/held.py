"""What a portfolio holds, as risk looks at it: positions and money of other currencies alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tio.api.portfolio import Holdings

CASH = "cash"
UNKNOWN = "unknown"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Held:
    """One position, or the money of one currency; `value` is in the portfolio's currency.

    `symbol` of money is as `cash EUR`. What is of the portfolio's own currency is no risk.
    """

    symbol: str
    value: Decimal
    asset_class: str
    currency: str
    sector: str = UNKNOWN

    @property
    def is_cash(self) -> bool:
        return self.asset_class == CASH


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is held and has a value, `base` its currency; `untold` names what has none."""

    base: str
    held: tuple[Held, ...]
    net: Decimal | None
    untold: tuple[str, ...] = ()

    @property
    def positions(self) -> tuple[Held, ...]:
        return tuple(each for each in self.held if not each.is_cash)

    @property
    def cash(self) -> Decimal:
        return sum((each.value for each in self.held if each.is_cash), ZERO)

    @property
    def risky(self) -> tuple[Held, ...]:
        """What can change in value: all but money of the portfolio's own currency."""
        return tuple(
            each
            for each in self.held
            if each.value and not (each.is_cash and each.currency == self.base)
        )

    @property
    def gross(self) -> Decimal:
        return sum((abs(each.value) for each in self.positions), ZERO)

    @property
    def capital(self) -> Decimal:
        """What fractions are parts of: the net value, gross where that is not above zero."""
        net = sum((each.value for each in self.held), ZERO) if self.net is None else self.net
        return net if net > 0 else self.gross


def portfolio_of(
    holdings: Holdings, asset_class: Callable[[str], str], sectors: Mapping[str, str]
) -> Portfolio:
    """Holdings as risk looks at them."""
    positions = [
        Held(
            symbol=each.symbol,
            value=each.value,
            asset_class=asset_class(each.symbol),
            currency=each.currency,
            sector=sectors.get(each.symbol) or UNKNOWN,
        )
        for each in holdings.positions
        if each.value is not None and each.quantity
    ]
    money = [
        Held(f"{CASH} {each.currency}", each.value, CASH, each.currency)
        for each in holdings.cash
        if each.value
    ]
    untold = [each.symbol for each in holdings.positions if each.value is None and each.quantity]
    untold += [f"{CASH} {each.currency}" for each in holdings.cash if each.value is None]
    return Portfolio(
        holdings.currency, (*positions, *money), holdings.nav, tuple(dict.fromkeys(untold))
    )
