"""What selling a lot, or buying a short one back, brought."""

from datetime import datetime
from decimal import Decimal

import msgspec

from tio.engine.portfolio.lots import OpenLot
from tio.engine.portfolio.money import ZERO
from tio.engine.portfolio.terms import Terms


class Closing(msgspec.Struct, frozen=True, gc=False):
    """A part of a lot closed by an entry. `proceeds` are net of the entry's fee, in `currency`.

    `gain` is in the portfolio's currency; what of it came from the rate is `currency_gain`: the
    lot's cost at the new rate less at the old, zero where the two were paid in other currencies.
    """

    part: OpenLot
    symbol: str
    account: str
    closed_by: str
    closed_at: datetime
    proceeds: Decimal
    currency: str
    rate: Decimal
    gain: Decimal
    currency_gain: Decimal


def closed(part: OpenLot, said: Terms, proceeds: Decimal) -> Closing:
    """A part of a lot closed on an entry's terms."""
    alike = part.currency == said.currency
    return Closing(
        part=part,
        symbol=said.symbol,
        account=said.account,
        closed_by=said.id,
        closed_at=said.at,
        proceeds=proceeds,
        currency=said.currency,
        rate=said.rate,
        gain=proceeds * said.rate - part.base_cost,
        currency_gain=part.cost * said.rate - part.base_cost if alike else ZERO,
    )
