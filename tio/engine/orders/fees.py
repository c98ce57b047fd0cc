"""What a fill costs: an order, a share and a percent, at least and at most, by venue or kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from msgspec.structs import replace

from tio.api.market import AssetClass
from tio.api.orders import Order
from tio.config import Paper, PaperFee
from tio.engine.market.symbols import CURRENCIES
from tio.engine.orders.terms import Terms
from tio.engine.portfolio.money import EXACT

_ZERO = Decimal(0)
_WHOLE = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
_MILLS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


@dataclass(frozen=True, slots=True)
class FeeRate:
    """Money in the instrument's currency: `percent` is of what is traded, `least` an order's."""

    per_order: Decimal = _ZERO
    per_share: Decimal = _ZERO
    percent: Decimal = _ZERO
    least: Decimal = _ZERO
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """The rate of a venue, in small letters, else of an asset class, else `otherwise`."""

    otherwise: FeeRate = FeeRate()
    by_class: Mapping[AssetClass, FeeRate] = field(default_factory=dict)
    by_venue: Mapping[str, FeeRate] = field(default_factory=dict)

    def rate(self, terms: Terms) -> FeeRate:
        """What applies to an instrument."""
        named = (self.by_venue[each] for each in terms.venues if each in self.by_venue)
        return next(named, self.by_class.get(terms.asset_class, self.otherwise))

    def of(self, order: Order, quantity: Decimal, price: Decimal, terms: Terms) -> Decimal:
        """What an order costs that is filled at once."""
        whole = replace(
            order,
            filled=quantity,
            turnover=EXACT.multiply(price, quantity),
            fees=_ZERO,
        )
        return self.due(whole, terms)

    def due(self, order: Order, terms: Terms) -> Decimal:
        """What a fill just booked on the order costs, rounded to the currency.

        An order filled in parts pays, all told, what it would have paid filled at once.
        """
        rate = self.rate(terms)
        value = EXACT.multiply(abs(order.turnover), terms.worth())
        total = rate.per_order + rate.per_share * order.filled + value * rate.percent / 100
        total = max(total, rate.least)
        if rate.most is not None:
            total = min(total, rate.most)
        return rounded(total, terms.currency) - order.fees


FREE = FeeSchedule()
_OTHERWISE = "otherwise"


def schedule_of(paper: Paper) -> FeeSchedule:
    """The fees a person set."""
    rates: dict[str, FeeRate] = {kind: _rate(fee) for kind, fee in paper.fees.items()}
    return FeeSchedule(
        rates.get(_OTHERWISE, FeeRate()),
        {AssetClass(kind): rate for kind, rate in rates.items() if kind != _OTHERWISE},
        {name.casefold(): _rate(fee) for name, fee in paper.venue_fees.items()},
    )


def _rate(fee: PaperFee) -> FeeRate:
    def written(number: float) -> Decimal:
        return Decimal(repr(number))

    return FeeRate(
        written(fee.per_order),
        written(fee.per_share),
        written(fee.percent),
        written(fee.least),
        written(fee.most) if fee.most else None,
    )


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the smallest coin of a currency (ISO 4217), half up; of a crypto coin to 8 decimals."""
    return amount.quantize(Decimal(1).scaleb(-_places(currency)), ROUND_HALF_UP)


def _places(currency: str) -> int:
    code = currency.upper()
    if code in _WHOLE:
        return 0
    if code in _MILLS:
        return 3
    return 2 if code in CURRENCIES else 8
