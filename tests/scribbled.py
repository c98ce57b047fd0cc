"""Random ledgers of any length from a seed, with what real ones have and tidy ones lack.

Entries of one moment, entries made later for an earlier day, shorts, minor units, sales of named
lots, events of one account; and, beside what can be booked, what must be refused.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from ledgers import BEGIN, KIND
from plain_ledger import PlainLedger, Refused

from tio.api.portfolio import LotRule, Transaction, TransactionKind

_ACCOUNTS = ("", "one", "two")
_KINDS = [KIND.buy] * 8 + [KIND.sell] * 8 + [KIND.dividend, KIND.interest, KIND.fee, KIND.tax]
_KINDS += [KIND.deposit, KIND.withdrawal, KIND.exchange, KIND.splits, KIND.spin_off]
_KINDS += [KIND.return_of_capital, KIND.transfer_in, KIND.transfer_in]
_KINDS += [KIND.transfer_out, KIND.transfer_out, KIND.transfer_out]
_LOTTED = {KIND.buy, KIND.sell, KIND.splits, KIND.spin_off, KIND.return_of_capital}


@dataclass(frozen=True)
class Scribbled:
    """Entries that can be booked in their order, each with what it would have been refused after.

    `refused`: an entry, and how many of `entries` come before it.
    """

    entries: list[Transaction]
    refused: list[tuple[int, Transaction]]
    plain: PlainLedger


def scribbled(
    seed: int, count: int, rule: LotRule, without: tuple[TransactionKind, ...] = ()
) -> Scribbled:
    """As many entries as are told that the plain reckoning accepts, of all kinds but some."""
    chance, plain = Random(seed), PlainLedger(rule)
    entries: list[Transaction] = []
    refused = []
    at, number = BEGIN, 0
    while len(entries) < count:
        at += timedelta(minutes=chance.choice((0, 1, 600, 9000)))
        number += 1
        entry = scribble(chance, plain, at, number)
        if entry.kind in without:
            continue
        try:
            plain.book(entry)
        except Refused:
            refused.append((len(entries), entry))
        else:
            entries.append(entry)
    return Scribbled(entries, refused, plain)


def scribble(chance: Random, plain: PlainLedger, at: datetime, number: int) -> Transaction:
    """Any entry, mostly one that can be booked on what is held."""
    kind = chance.choice(_KINDS)
    account, symbol = chance.choice(_ACCOUNTS), chance.choice(("AAA", "BBB", "CCC"))
    currency = chance.choice(("USD", "USD", "USD", "EUR", "GBp"))
    told: dict[str, Any] = {"account": account, "currency": currency}
    told["rate"] = Decimal(1) if currency == "USD" else _number(chance, 500, 2000, 3)
    if kind in _LOTTED or chance.random() < 0.5:
        told["symbol"] = symbol
    if kind in (KIND.deposit, KIND.withdrawal, KIND.exchange):
        told["symbol"] = ""
    if kind not in (KIND.splits, KIND.spin_off):
        told["fee"] = _number(chance, 0, 500) if chance.random() < 0.4 else Decimal(0)
        told["tax"] = _number(chance, 0, 500) if chance.random() < 0.2 else Decimal(0)
    told |= _terms(chance, plain, kind, told)
    return Transaction(kind=kind, at=at, id=f"e{number}", position=number, **told)


def _terms(chance: Random, plain: PlainLedger, kind: Any, told: dict[str, Any]) -> dict[str, Any]:
    symbol, account = told.get("symbol", ""), told["account"]
    lots = plain.parcels[symbol, account]
    if not symbol or kind in (KIND.dividend, KIND.interest, KIND.fee, KIND.tax):
        money: dict[str, Any] = {"amount": _number(chance, 1, 90_000)}
        if kind is KIND.exchange:
            money |= {"to_currency": chance.choice(("CHF", "ZAc"))}
            money["to_amount"] = _number(chance, 1, 90_000)
        if kind is KIND.transfer_out and account != "two":
            money["to_account"] = "two"
        return money
    match kind:
        case KIND.splits:
            return {"quantity": Decimal(chance.choice(("2", "3", "0.1", "0.5", "1.05")))}
        case KIND.spin_off:
            share = _number(chance, 0, 100)
            return {"into": f"{symbol}X", "quantity": Decimal("0.25"), "cost_share": share}
        case KIND.return_of_capital:
            return {"amount": _number(chance, 1, 5000)}
    size = _number(chance, 1, 900_00)
    if kind in (KIND.sell, KIND.transfer_out) and lots and chance.random() < 0.8:
        whole = abs(plain.held((symbol, account)))
        part = whole * chance.choice((1, 1, 2, 3)) / 3
        size = max(Decimal(round(part * 10**6)).scaleb(-6), Decimal("0.01"))
    terms: dict[str, Any] = {"quantity": size, "price": _number(chance, 0, 9000)}
    if kind in (KIND.buy, KIND.sell) and chance.random() < 0.2:
        terms["amount"] = _number(chance, 0, 90_000)
    if kind is KIND.sell:
        terms["short"] = chance.random() < 0.1
    if kind in (KIND.sell, KIND.transfer_out) and lots and chance.random() < 0.15:
        lot = chance.choice(lots)
        terms |= {"lot": lot.id}
        if lot.quantity > 0:
            terms["quantity"] = Decimal(round(lot.quantity * 10**6)).scaleb(-6) or Decimal("0.01")
    if kind is KIND.transfer_in and chance.random() < 0.5:
        terms["amount"] = _number(chance, 0, 90_000)
    if kind is KIND.transfer_out:
        terms["to_account"] = chance.choice([each for each in ("", "two") if each != account])
        if chance.random() < 0.5:
            del terms["price"]
    return terms


def _number(chance: Random, low: int, high: int, places: int = 2) -> Decimal:
    return Decimal(chance.randint(low, high)).scaleb(-places)
