"""Sales out of the lots of AAPL in the portfolio of the screens' tests, reckoned simply."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import portfolio_scene as scene
import screen_market as market
from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule, Transaction, TransactionKind
from tio.api.sales import LotPick, PreviewSale, SaleLot, SalePreview, SellLots
from tio.engine.portfolio.picking import picked

from fakes import FakeEngine

D = Decimal
HELD = (("2", 500, 60, 175), ("3", 280, 60, 190), ("9", 30, 12, 230))
"""Lot, days held, quantity, what a unit cost."""


def engine() -> FakeEngine:
    fake = scene.engine(scene.MAIN)
    fake.answers |= {PreviewSale: preview, SellLots: sold}
    return fake


def preview(asked: PreviewSale) -> SalePreview:
    price = asked.price or D(0)
    lots = [
        SaleLot(
            id=id,
            opened_at=market.NOW - timedelta(days=days),
            held_days=days,
            long_term=days > 365,
            quantity=D(quantity),
            cost=D(quantity * unit),
            gain=D(quantity) * (price - unit),
        )
        for id, days, quantity, unit in HELD
    ]
    whole = sum((lot.quantity for lot in lots), D(0))
    wanted = asked.quantity or whole
    if asked.quantity == 999:
        raise Invalid("999 is more than there is")
    parts = asked.parts or picked(lots, wanted, asked.pick or LotPick.fifo)
    taken = {part.lot: part.quantity for part in parts}
    told = [_taking(lot, taken.get(lot.id, D(0)), price) for lot in lots]
    gain = sum((lot.taken_gain for lot in told), D(0))
    long = sum((lot.taken_gain for lot in told if lot.long_term), D(0))
    sold = sum((lot.taken for lot in told), D(0))
    return SalePreview(
        portfolio="main",
        symbol="AAPL",
        account="",
        currency="USD",
        rule=LotRule.fifo,
        at=market.NOW,
        price=price,
        price_currency="USD",
        quantity=sold,
        gain=gain,
        short_term=gain - long,
        long_term=long,
        left=whole - sold,
        left_cost=sum((lot.cost * (1 - lot.taken / lot.quantity) for lot in told), D(0)),
        lots=tuple(told),
        trouble="lot 9 holds 11" if taken.get("9") == 12 else "",
    )


def _taking(lot: SaleLot, taken: Decimal, price: Decimal) -> SaleLot:
    gain = taken * (price - lot.cost / lot.quantity)
    return replace(lot, taken=taken, taken_gain=gain)


def sold(asked: SellLots) -> tuple[Transaction, ...]:
    told: dict[str, Any] = {"kind": TransactionKind.sell, "at": market.NOW}
    return tuple(Transaction(id=str(21 + at), **told) for at, _ in enumerate(asked.parts))
