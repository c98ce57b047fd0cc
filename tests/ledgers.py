"""Ledgers for tests: entries written short, and random ones that can be booked."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tio.api.portfolio import LotRule, Portfolio, Transaction, TransactionKind

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
KIND = TransactionKind
_NUMBERS = {"quantity", "price", "amount", "fee", "tax", "rate", "to_amount", "cost_share"}


def portfolio(lots: LotRule = LotRule.fifo, currency: str = "USD") -> Portfolio:
    return Portfolio(name="main", currency=currency, lots=lots)


def entry(kind: TransactionKind, day: int, **terms: Any) -> Transaction:
    """An entry on a day counted from the first of 2026; numbers may be texts."""
    told = {k: Decimal(str(v)) if k in _NUMBERS else v for k, v in terms.items()}
    usual: dict[str, Any] = {"id": f"{kind.value}{day}", "currency": "USD", "rate": Decimal(1)}
    return Transaction(kind=kind, at=BEGIN + timedelta(days=day), **(usual | told))


def decimals(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


@st.composite
def ledgers(draw: st.DrawFn, most: int = 60) -> list[Transaction]:
    """Entries that can be booked in their order: what is sold is held, or said to be short."""
    count = draw(st.integers(1, most))
    held: dict[tuple[str, str], Decimal] = {}
    spun: set[str] = set()
    made: list[Transaction] = []
    for number in range(count):
        account = draw(st.sampled_from(("", "second")))
        symbol = draw(st.sampled_from(("AAA", "BBB", "CCC")))
        key = symbol, account
        kinds = [KIND.buy, KIND.deposit, KIND.withdrawal, KIND.interest, KIND.fee, KIND.tax]
        kinds += [KIND.exchange, KIND.transfer_in, KIND.dividend, KIND.splits]
        if held.get(key, Decimal(0)) > 0:
            kinds += [KIND.sell, KIND.sell, KIND.transfer_out, KIND.return_of_capital]
            kinds += [KIND.spin_off] if symbol not in spun else []
        kind = draw(st.sampled_from(kinds))
        currency = draw(st.sampled_from(("USD", "EUR")))
        told: dict[str, Any] = {
            "id": f"e{number}",
            "account": account,
            "currency": currency,
            "rate": Decimal(1) if currency == "USD" else draw(decimals("0.8", "1.4", 4)),
            "fee": draw(decimals("0", "5")),
            "tax": draw(decimals("0", "5")),
        }
        match kind:
            case KIND.buy | KIND.transfer_in:
                quantity = draw(decimals("0.01", "500"))
                told |= {"symbol": symbol, "quantity": quantity, "price": draw(decimals("0", "90"))}
                if kind is KIND.transfer_in:
                    told["amount"] = draw(decimals("0", "9000"))
                held[key] = held.get(key, Decimal(0)) + quantity
            case KIND.sell | KIND.transfer_out:
                quantity = draw(st.sampled_from((held[key], held[key] / 2, held[key] / 4)))
                quantity = max(quantity.quantize(Decimal("0.01")), Decimal("0.01"))
                told |= {"symbol": symbol, "quantity": quantity, "price": draw(decimals("0", "90"))}
                left = held[key] - quantity
                if kind is KIND.sell and left < 0:
                    told["short"] = True
                if kind is KIND.transfer_out and left < 0:
                    continue
                held[key] = left
                if kind is KIND.transfer_out and draw(st.booleans()):
                    other = "second" if not account else ""
                    if other or held.get((symbol, other), Decimal(0)) >= 0:
                        told |= {"to_account": "third"}
            case KIND.splits:
                ratio = draw(st.sampled_from((Decimal(2), Decimal(3), Decimal("0.5"))))
                told |= {"symbol": symbol, "quantity": ratio, "account": account}
                told |= {"fee": Decimal(0), "tax": Decimal(0)}
                if key in held:
                    held[key] = (held[key] * ratio).quantize(Decimal(1).scaleb(-8))
            case KIND.spin_off:
                told |= {
                    "symbol": symbol,
                    "into": f"{symbol}X",
                    "quantity": draw(decimals("0.1", "2")),
                }
                told |= {
                    "cost_share": draw(decimals("0", "1")),
                    "fee": Decimal(0),
                    "tax": Decimal(0),
                }
            case KIND.exchange:
                other = "EUR" if currency == "USD" else "USD"
                told |= {"amount": draw(decimals("1", "900")), "to_currency": other}
                told |= {"to_amount": draw(decimals("1", "900"))}
            case KIND.dividend | KIND.return_of_capital:
                told |= {"symbol": symbol, "amount": draw(decimals("0", "300"))}
            case _:
                told |= {"amount": draw(decimals("0", "300"))}
        minutes = draw(st.integers(1, 90_000))
        at = (made[-1].at if made else BEGIN) + timedelta(minutes=minutes)
        made.append(Transaction(kind=kind, at=at, position=number, **told))
    return made
