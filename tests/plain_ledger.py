"""A second, plain reckoning of a ledger, in fractions: what the books are held against.

It knows no pools, shares or strands: parcels in a list, sorted anew for each sale.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import inf

from tio.api.portfolio import LotRule, Transaction, TransactionKind

KIND = TransactionKind
Key = tuple[str, str]
_PENCE = {"GBp": ("GBP", 100), "ZAc": ("ZAR", 100), "KWF": ("KWD", 1000)}
ZERO = Fraction(0)


class Refused(Exception):
    """The entry cannot be booked."""


@dataclass(eq=False)
class Parcel:
    quantity: Fraction
    cost: Fraction
    base: Fraction
    currency: str
    since: datetime
    id: str


def fraction(value: Decimal | None) -> Fraction:
    return Fraction(value or 0)


class PlainLedger:
    """Parcels by symbol and account, gains by the entry that made them, sums by their names."""

    def __init__(self, rule: LotRule) -> None:
        self.rule = rule
        self.parcels: defaultdict[Key, list[Parcel]] = defaultdict(list)
        self.gains: defaultdict[str, Fraction] = defaultdict(Fraction)
        self.sums: defaultdict[str, Fraction] = defaultdict(Fraction)
        self.cash: defaultdict[Key, Fraction] = defaultdict(Fraction)

    def held(self, key: Key) -> Fraction:
        return sum((parcel.quantity for parcel in self.parcels[key]), ZERO)

    def book(self, entry: Transaction) -> None:
        """Take the next entry; on Refused nothing has changed."""
        self.currency, unit = _PENCE.get(entry.currency, (entry.currency, 1))
        self.rate = fraction(entry.rate)
        self.quantity, self.price = fraction(entry.quantity), fraction(entry.price) / unit
        self.fee, self.tax = fraction(entry.fee) / unit, fraction(entry.tax) / unit
        told = entry.amount is not None
        self.gross = fraction(entry.amount) / unit if told else self.price * (self.quantity or 1)
        key = entry.symbol, entry.account
        match entry.kind:
            case KIND.buy:
                self._trade(entry, key, self.quantity, self.gross + self.fee)
            case KIND.sell:
                if self.quantity > max(self.held(key), ZERO) and not entry.short:
                    raise Refused
                self._trade(entry, key, -self.quantity, -(self.gross - self.fee))
            case KIND.splits | KIND.spin_off:
                self._rescale(entry)
            case KIND.return_of_capital:
                self._give_back(key)
            case KIND.transfer_in | KIND.transfer_out if entry.symbol:
                self._carry(entry, key)
            case _:
                self._move_money(entry)

    def _pay(self, account: str, amount: Fraction) -> None:
        self.cash[account, self.currency] += amount

    def _charge(self, entry: Transaction) -> None:
        self.sums["fees"] += self.fee * self.rate
        self.sums["taxes"] += self.tax * self.rate
        self._pay(entry.account, -self.fee - self.tax)

    def _trade(self, entry: Transaction, key: Key, signed: Fraction, paid: Fraction) -> None:
        each, held = paid / signed, self.held(key)
        if held * signed < 0:
            for parcel in self._take(key, max(min(-signed, abs(held)), -abs(held)), entry.lot):
                gain = parcel.quantity * each * self.rate - parcel.base
                self.gains[entry.id] += gain
                self.sums["realised"] += gain
                signed += parcel.quantity
        if signed:
            cost = signed * each
            self.parcels[key].append(
                Parcel(signed, cost, cost * self.rate, self.currency, entry.at, entry.id)
            )
        self.sums["taxes"] += self.tax * self.rate
        self._pay(entry.account, -paid - self.tax)

    def _take(self, key: Key, wanted: Fraction, lot: str = "") -> list[Parcel]:
        if self.held(key) * wanted < 0 or abs(self.held(key)) < abs(wanted):
            raise Refused
        parcels = sorted(self.parcels[key], key=lambda parcel: parcel.since)
        if self.rule is LotRule.average:
            self._level(parcels)
        if lot:
            parcels = [parcel for parcel in parcels if parcel.id == lot]
            if abs(sum((parcel.quantity for parcel in parcels), ZERO)) < abs(wanted):
                raise Refused
        elif self.rule is LotRule.specific and len(parcels) > 1 and self.held(key) != wanted:
            raise Refused
        elif self.rule is LotRule.lifo:
            parcels.reverse()
        elif self.rule is LotRule.hifo:
            parcels.sort(key=lambda p: -p.base / abs(p.quantity) if p.quantity else -inf)
        taken = []
        for parcel in parcels:
            if not wanted:
                break
            share = min(Fraction(1), wanted / parcel.quantity) if parcel.quantity else Fraction(1)
            part = replace(
                parcel,
                quantity=parcel.quantity * share,
                cost=parcel.cost * share,
                base=parcel.base * share,
            )
            parcel.quantity -= part.quantity
            parcel.cost -= part.cost
            parcel.base -= part.base
            wanted -= part.quantity
            taken.append(part)
            if share == 1:
                self.parcels[key].remove(parcel)
        return taken

    def _level(self, parcels: list[Parcel]) -> None:
        if len({parcel.currency for parcel in parcels}) > 1:
            raise Refused
        held = sum((parcel.quantity for parcel in parcels), ZERO)
        cost = sum((parcel.cost for parcel in parcels), ZERO)
        base = sum((parcel.base for parcel in parcels), ZERO)
        for parcel in parcels:
            parcel.cost = cost * parcel.quantity / held
            parcel.base = base * parcel.quantity / held

    def _rescale(self, entry: Transaction) -> None:
        keys = [k for k in self.parcels if k[0] == entry.symbol and entry.account in ("", k[1])]
        into = [self.held((entry.into, k[1])) * self.held(k) < 0 for k in keys]
        if entry.kind is KIND.spin_off and any(into):
            raise Refused
        for key in keys:
            for parcel in self.parcels[key]:
                scaled = round(parcel.quantity * self.quantity, 8)
                if entry.kind is KIND.splits:
                    parcel.quantity = scaled
                    continue
                part = fraction(entry.cost_share)
                off = replace(
                    parcel,
                    quantity=scaled,
                    cost=parcel.cost * part,
                    base=parcel.base * part,
                    id=f"{entry.id}/{parcel.id}",
                )
                parcel.cost -= off.cost
                parcel.base -= off.base
                self.parcels[entry.into, key[1]].append(off)

    def _give_back(self, key: Key) -> None:
        held, rest = self.held(key), self.gross * self.rate
        if held <= 0:
            raise Refused
        if self.rule is LotRule.average:
            self._level(self.parcels[key])
        for parcel in self.parcels[key]:
            own = self.gross * parcel.quantity / held
            lowered = min(own * self.rate, max(parcel.base, ZERO))
            parcel.base -= lowered
            rest -= lowered
            if parcel.currency == self.currency:
                parcel.cost -= min(own, max(parcel.cost, ZERO))
        self.sums["realised"] += rest
        self._pay(key[1], self.gross - self.fee - self.tax)
        self.sums["fees"] += self.fee * self.rate
        self.sums["taxes"] += self.tax * self.rate

    def _carry(self, entry: Transaction, key: Key) -> None:
        if entry.kind is KIND.transfer_in:
            if self.held(key) < 0:
                raise Refused
            cost = self.gross if entry.price is None else self.price * self.quantity
            self.parcels[key].append(
                Parcel(self.quantity, cost, cost * self.rate, self.currency, entry.at, entry.id)
            )
            self.sums["flows"] += self.gross * self.rate
            self.sums["carried"] += (cost - self.gross) * self.rate
        elif entry.to_account:
            if self.held((entry.symbol, entry.to_account)) < 0:
                raise Refused
            self.parcels[entry.symbol, entry.to_account] += self._take(
                key, self.quantity, entry.lot
            )
        else:
            base = sum((p.base for p in self._take(key, self.quantity, entry.lot)), ZERO)
            told = entry.amount is not None or entry.price is not None
            worth = self.gross * self.rate if told else base
            self.sums["flows"] -= worth
            self.sums["carried"] += worth - base
        self._charge(entry)

    def _move_money(self, entry: Transaction) -> None:
        worth = self.gross * self.rate
        if entry.to_account:
            self._pay(entry.account, -self.gross)
            self._pay(entry.to_account, self.gross)
        elif entry.kind is KIND.exchange:
            self._pay(entry.account, -self.gross)
            got, unit = _PENCE.get(entry.to_currency, (entry.to_currency, 1))
            self.cash[entry.account, got] += fraction(entry.to_amount) / unit
        elif entry.kind in (KIND.deposit, KIND.transfer_in):
            self._pay(entry.account, self.gross)
            self.sums["flows"] += worth
        elif entry.kind in (KIND.withdrawal, KIND.transfer_out):
            self._pay(entry.account, -self.gross)
            self.sums["flows"] -= worth
        elif entry.kind in (KIND.dividend, KIND.interest):
            self._pay(entry.account, self.gross)
            self.sums["income"] += worth
        else:
            self._pay(entry.account, -self.gross)
            self.sums["fees" if entry.kind is KIND.fee else "taxes"] += worth
        self._charge(entry)
