"""Rows of brokers' files, told in short for tests."""

from collections import Counter
from decimal import Decimal

from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.readers import named, recognised
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.money import plain

ZONE = "America/New_York"


def read(text: str, name: str, zone: str = ZONE) -> list[Row]:
    """The rows of a text that is of the kind `name` and of no other."""
    assert recognised(text).name == name
    return list(named(name).read(text, zone))


def counts(rows: list[Row]) -> dict[str, int]:
    """How many rows there are of each kind."""
    return dict(
        Counter(row.transaction.kind.value if row.transaction else "refused" for row in rows)
    )


def entries(rows: list[Row]) -> list[Transaction]:
    """What was read, of a file in which nothing was refused."""
    assert [row.refusal for row in rows if row.refusal] == []
    return [row.transaction for row in rows if row.transaction]


def told(rows: list[Row]) -> list[str]:
    """Entries as `buy AAPL 10 @ 5 = 50 USD fee 1`, refusals as their sentence."""
    return [_entry(row.transaction) if row.transaction else row.refusal for row in rows]


def _entry(entry: Transaction) -> str:
    words = [entry.kind.value, entry.symbol, _number(entry.quantity)]
    words += [f"@ {_number(entry.price)}" if entry.price is not None else ""]
    words += [f"= {_number(entry.amount)}" if entry.amount is not None else "", entry.currency]
    words += [f"fee {_number(entry.fee)}" if entry.fee else ""]
    words += [f"tax {_number(entry.tax)}" if entry.tax else ""]
    if entry.to_amount is not None:
        words.append(f"to {_number(entry.to_amount)} {entry.to_currency}")
    words += [f"into {entry.into}" if entry.into else "", "short" if entry.short else ""]
    return " ".join(filter(None, words))


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
