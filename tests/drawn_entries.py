"""Ledger entries as hypothesis draws them: of every kind, each one a ledger can hold."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.entries import sound

Kind = TransactionKind
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "GBp", "USDT"])
SYMBOLS = st.sampled_from(["AAPL", "BRK.B", "BTC-USD", "^GSPC", "7203.T", "Old watch", "-X", "=A1"])
ACCOUNTS = st.sampled_from(["", "Broker", "Depot 1", "Bank: joint", "@home"])
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20) | st.sampled_from(
    ["=1+1", "'=1", "-", "@x", "+49", 'a "quoted" note', "a; b, c", "\\", "'"]
)
MOMENTS = st.integers(0, 60 * 365 * 86_400 * 10**6).map(
    lambda microseconds: datetime(1970, 1, 2, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
MONEY = st.decimals("0.01", "1e9", places=2)
PARTS = st.decimals("0.00000001", "1e6", places=8)


def _between(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places)


@st.composite
def entries(draw: st.DrawFn, words: st.SearchStrategy[str] = TEXTS) -> Transaction:
    """One entry; what its kind does not use is not told."""
    kind = draw(st.sampled_from(list(Kind)))
    fields: dict[str, Any] = {
        "at": draw(MOMENTS),
        "account": draw(ACCOUNTS),
        "currency": draw(CURRENCIES),
        "note": draw(words),
        "tags": tuple(draw(st.lists(words.filter(bool), max_size=3))),
        "reference": draw(words),
        "id": draw(st.integers(0, 99).map(str)),
        "position": draw(st.integers(0, 9)),
        "rate": draw(st.none() | _between("0.01", "99", 4)),
    }
    fields |= _OWN[kind](draw)
    entry = Transaction(kind=kind, **fields)
    try:
        return sound(entry)
    except Invalid:
        assume(False)
        raise


def _costs(draw: st.DrawFn) -> dict[str, Any]:
    return {"fee": draw(_between("0", "99", 2)), "tax": draw(_between("0", "99", 2))}


def _trade(draw: st.DrawFn) -> dict[str, Any]:
    """By price, by amount or by both."""
    price, amount = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
    return _costs(draw) | {
        "symbol": draw(SYMBOLS),
        "quantity": draw(PARTS),
        "price": draw(MONEY) if price else None,
        "amount": draw(MONEY) if amount else None,
    }


def _sale(draw: st.DrawFn) -> dict[str, Any]:
    return _trade(draw) | {
        "short": draw(st.booleans()),
        "lot": draw(st.sampled_from(["", "17"])),
    }


def _cash(draw: st.DrawFn) -> dict[str, Any]:
    return _costs(draw) | {"amount": draw(MONEY)}


def _income(draw: st.DrawFn) -> dict[str, Any]:
    sign = draw(st.sampled_from([1, -1]))
    return _costs(draw) | {"amount": sign * draw(MONEY), "symbol": draw(SYMBOLS)}


def _interest(draw: st.DrawFn) -> dict[str, Any]:
    return _income(draw) | {"symbol": draw(st.just("") | SYMBOLS)}


def _returned(draw: st.DrawFn) -> dict[str, Any]:
    return _cash(draw) | {"symbol": draw(SYMBOLS)}


def _split(draw: st.DrawFn) -> dict[str, Any]:
    return {"symbol": draw(SYMBOLS), "quantity": draw(_between("0.01", "50", 2))}


def _spin_off(draw: st.DrawFn) -> dict[str, Any]:
    return _split(draw) | {"into": "SPUN", "cost_share": draw(_between("0", "1", 4))}


def _arrived(draw: st.DrawFn) -> dict[str, Any]:
    return _trade(draw) if draw(st.booleans()) else _cash(draw)


def _left(draw: st.DrawFn) -> dict[str, Any]:
    to = draw(st.sampled_from(["", "Elsewhere"]))
    return (_trade(draw) if draw(st.booleans()) else _cash(draw)) | {"to_account": to}


def _exchange(draw: st.DrawFn) -> dict[str, Any]:
    return _cash(draw) | {"to_currency": "CHF", "to_amount": draw(MONEY)}


_OWN = {
    Kind.buy: _trade,
    Kind.sell: _sale,
    Kind.deposit: _cash,
    Kind.withdrawal: _cash,
    Kind.dividend: _income,
    Kind.interest: _interest,
    Kind.fee: _interest,
    Kind.tax: _interest,
    Kind.splits: _split,
    Kind.transfer_in: _arrived,
    Kind.transfer_out: _left,
    Kind.spin_off: _spin_off,
    Kind.return_of_capital: _returned,
    Kind.exchange: _exchange,
}
