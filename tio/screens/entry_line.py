"""An entry of a ledger told in one line of words: `buy 10 AAPL 187.20 fee 1 2026-11-02`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from tio.api.errors import Invalid
from tio.api.ledger import AddTransaction, EditTransaction
from tio.api.portfolio import TransactionKind

KIND = TransactionKind
EXAMPLES = {
    KIND.buy: "buy 10 AAPL 187.20 fee 1 2026-11-02",
    KIND.sell: "sell 4 AAPL 201.50 lot 12",
    KIND.deposit: "deposit 5000 USD 2026-11-01",
    KIND.withdrawal: "withdrawal 200 USD",
    KIND.dividend: "dividend AAPL 24.50 tax 3.68",
    KIND.interest: "interest 12.30 EUR",
    KIND.fee: "fee 3 USD",
    KIND.tax: "tax 41.20 EUR",
    KIND.splits: "split AAPL 4 2024-06-10",
    KIND.transfer_in: "transfer_in 10 AAPL 150, or transfer_in cash 500 USD",
    KIND.transfer_out: "transfer_out 10 AAPL to broker2, or transfer_out cash 500 USD",
    KIND.spin_off: "spin_off T 0.241917 into WBD share 0.2",
    KIND.return_of_capital: "return_of_capital ABC 30",
    KIND.exchange: "exchange 1000 USD to 920.15 EUR",
}
"""By kind, in the order they are offered."""
UNITS = {KIND.buy, KIND.sell, KIND.transfer_in, KIND.transfer_out}
_OF_SYMBOL = {KIND.dividend, KIND.return_of_capital, KIND.splits, KIND.spin_off}
FIGURES = {"fee": "fee", "tax": "tax", "rate": "rate", "amount": "amount", "share": "cost_share"}
NAMES = {"account": "account", "to": "to_account", "into": "into", "lot": "lot", "tag": "tags"}
_FLAGS = {"short", "unlisted", "cash"}
_FILLERS = {"at", "on", "for", "of", "today"}
KEYWORDS = {*FIGURES, *NAMES, *_FLAGS, *_FILLERS, "note"}
DATE = re.compile(r"\d{4}-\d\d-\d\d(T\S+)?")
_GLUED = re.compile(r"([+-]?\d[\d,]*(?:\.\d+)?)([A-Za-z]{3,5})")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What a line says; the fields are those of AddTransaction, a date of "" is now."""

    kind: TransactionKind
    date: str = ""
    symbol: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    currency: str | None = None
    rate: Decimal | None = None
    account: str = ""
    to_account: str = ""
    to_currency: str | None = None
    to_amount: Decimal | None = None
    into: str = ""
    cost_share: Decimal | None = None
    lot: str = ""
    short: bool = False
    note: str = ""
    tags: tuple[str, ...] = ()
    unlisted: bool = False


def read(text: str) -> EntryLine:
    """The entry a line tells, `buy 10 AAPL 187.20 fee 1 2026-11-02`; Invalid where it tells none.

    Words of the grammar are written small: LOT is a symbol, and so is $lot.
    """
    words = re.findall(r'"[^"]*"|\S+', text.replace("−", "-"))
    if not words:
        raise Invalid("nothing is entered", f"Write {EXAMPLES[KIND.buy]}")
    kind = _kind(words[0])
    told: dict[str, Any] = {"kind": kind}
    placed = list(_told_by_name(kind, iter(words[1:]), told))
    cash = told.pop("cash", False)
    figures = [word for word in placed if isinstance(word, Decimal)]
    names = [word for word in placed if isinstance(word, str)]
    first_is_name = bool(placed) and isinstance(placed[0], str)
    slots, plain = _slots(kind, cash or not names, first_is_name)
    if len(figures) > len(plain) or len(names) > len(slots):
        extra = [*figures[len(plain) :], *names[len(slots) :]][0]
        raise Invalid(f"{str(extra)[:30]!r} is one too many", f"Write {EXAMPLES[kind]}")
    if not figures and "amount" not in told:
        raise Invalid(f"a {_said(kind)} needs a figure", f"Write {EXAMPLES[kind]}")
    told |= dict(zip(slots, names, strict=False)) | dict(zip(plain, figures, strict=False))
    if kind in {KIND.buy, KIND.sell} | _OF_SYMBOL and not told.get("symbol"):
        raise Invalid(f"a {_said(kind)} needs a symbol", f"Write {EXAMPLES[kind]}")
    return EntryLine(**told)


def added(portfolio: str, line: EntryLine, now: datetime) -> AddTransaction:
    """The request that enters a line, at `now` where it tells no date."""
    told = {field.name: getattr(line, field.name) for field in fields(line)}
    return AddTransaction(portfolio, **(told | {"date": line.date or now.isoformat()}))


def edited(portfolio: str, id: str, was: EntryLine, now: EntryLine) -> EditTransaction | None:
    """The request that makes an entry what its line says now; None where nothing differs.

    Currency, rate and date stay where the line tells none any more.
    """
    told = {
        field.name: getattr(now, field.name)
        for field in fields(now)
        if getattr(now, field.name) != getattr(was, field.name)
    }
    kept = {"currency", "rate", "date"}
    told = {name: value for name, value in told.items() if value or name not in kept}
    return EditTransaction(portfolio, id, **told) if told else None


def _kind(word: str) -> TransactionKind:
    name = word.lower().replace("-", "_")
    try:
        return KIND(name)
    except ValueError:
        near = get_close_matches(name, [kind.value for kind in KIND], n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {' '.join(KIND)}"
        raise Invalid(f"there is no kind of entry {word[:30]!r}", hint) from None


def _told_by_name(
    kind: TransactionKind, words: Iterator[str], told: dict[str, Any]
) -> Iterator[Decimal | str]:
    """Take what words name, `fee 1`, into `told`; the rest as figures and names, in order."""
    for word in words:
        if word == "to" and kind is KIND.exchange:
            continue
        if word in FIGURES:
            told[FIGURES[word]] = _figure(next(words, ""), word)
        elif word in NAMES:
            field, name = NAMES[word], _unquoted(next(words, ""))
            if not name:
                raise Invalid(f"{word} names nothing", f"Write {word} and its name")
            told[field] = (*told.get(field, ()), name) if field == "tags" else name
        elif word == "note":
            told["note"] = " ".join(words)
        elif word in _FLAGS:
            told[word] = True
        elif DATE.fullmatch(word):
            told["date"] = _date(word)
        elif word not in _FILLERS:
            yield from _placed(kind, word)


def _placed(kind: TransactionKind, word: str) -> Iterator[Decimal | str]:
    glued = _GLUED.fullmatch(word)
    if glued and kind not in UNITS | _OF_SYMBOL:
        yield _figure(glued[1], kind.value)
        yield glued[2]
    elif kind in (KIND.splits, KIND.spin_off) and re.fullmatch(r"[\d.,]+:[\d.,]+", word):
        yield _ratio(word)
    else:
        figure = number(word.removeprefix("@"))
        if figure is None and re.fullmatch(r"@?[+-]?\d+,\d+", word):
            raise Invalid(f"{word[:30]!r} is no number", "Write it as 1234.56, or 1,234.56")
        yield _unquoted(word) if figure is None else figure


def _slots(
    kind: TransactionKind, cash: bool, first_is_name: bool
) -> tuple[Sequence[str], Sequence[str]]:
    """The fields of a kind's names, and those of its figures, in the order they are told."""
    if kind in UNITS and not (cash and kind in (KIND.transfer_in, KIND.transfer_out)):
        return ("symbol", "currency"), ("quantity", "price")
    if kind in (KIND.splits, KIND.spin_off):
        return ("symbol",), ("quantity",)
    if kind is KIND.exchange:
        return ("currency", "to_currency"), ("amount", "to_amount")
    named = kind in _OF_SYMBOL or (first_is_name and kind in (KIND.interest, KIND.fee, KIND.tax))
    return ("symbol", "currency") if named else ("currency",), ("amount",)


def _unquoted(word: str) -> str:
    return word.strip('"').removeprefix("$")


def _figure(text: str, name: str) -> Decimal:
    value = number(text)
    if value is None:
        raise Invalid(f"{name} {text[:30]!r} is no number", f"Write it as {name} 1.50")
    return value


def _ratio(text: str) -> Decimal:
    new, _, old = text.partition(":")
    above, below = number(new), number(old)
    if above is None or not below:
        raise Invalid(f"{text[:30]!r} is no ratio", "Write 4:1, new ones for old ones")
    ratio = above / below
    if ratio * below != above:
        raise Invalid(f"{text[:30]} has no end as a decimal", "Write it as 0.33333333")
    return ratio


def number(text: str) -> Decimal | None:
    """The number a word is, None where it is none."""
    # A comma may group thousands; what could be a decimal comma is no number.
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        value = Decimal(text) if re.match(r"[+-]?[\d.]", text) else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _date(text: str) -> str:
    try:
        date.fromisoformat(text[:10])
        datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text[:40]!r} is no date", "Write 2026-01-31") from None
    return text


def _said(kind: TransactionKind) -> str:
    return kind.value.replace("_", " ")
