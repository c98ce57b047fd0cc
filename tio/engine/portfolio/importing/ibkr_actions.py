"""Corporate actions of Interactive Brokers, read from the sentences that describe them.

A split is told once for what goes and once for what comes; shares tendered go by another name
until they are paid for, which changes nothing that is held.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.cancelling import undone
from tio.engine.portfolio.importing.ibkr_trades import check_kept
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.splitting import ratio_of
from tio.engine.portfolio.importing.taking import refused, taken
from tio.engine.portfolio.money import ONE, ZERO

Kind = TransactionKind

_SENTENCE = re.compile(
    r"(?P<held>[^()]+?)\s*\((?P<isin>[A-Z0-9]*)\)\s+(?P<what>.*?)\s*"
    r"(?:\((?P<came>[^,()]+),(?P<name>.*),\s*(?P<came_isin>[A-Z0-9]*)\))?\s*"
)
_NUMBER = r"(\d+(?:\.\d+)?)"
_FOR = rf"{_NUMBER} FOR {_NUMBER}"
_SPLIT = re.compile(rf"SPLIT\s+{_FOR}")
_STOCK_DIVIDEND = re.compile(rf"STOCK DIVIDEND\s+(?:([A-Z0-9]{{9,12}})\s+)?{_FOR}")
_SPIN_OFF = re.compile(rf"SPIN-?\s?OFF\s+{_FOR}")
_TENDERED = re.compile(rf"TENDERED TO \S+ {_FOR}")
_PAID = re.compile(r"(?:MERGED|TENDERED|LIQUIDATION|ACQUIRED).*\bFOR [A-Z]{3} [\d.]+ PER SHARE")
_RENAMED = re.compile(r"(?:CUSIP/ISIN CHANGE|NAME CHANGE|SYMBOL CHANGE|ISSUE CHANGE)\b")
_OLD = re.compile(r"\.OLD\d?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One line of a corporate action; quantity below zero went away, `proceeds` came."""

    line: int
    at: datetime
    category: str
    currency: str
    security: Security
    description: str
    quantity: Decimal
    proceeds: Decimal
    account: str = ""
    codes: frozenset[str] = frozenset()
    reference: str = ""

    @property
    def sentence(self) -> re.Match[str] | None:
        return _SENTENCE.fullmatch(" ".join(self.description.split()))

    @property
    def symbol(self) -> str:
        """What the line itself is of, which its sentence tells last."""
        match = self.sentence
        return self.security.ticker or (match["came"] if match and match["came"] else "")


def action_rows(actions: Sequence[Action]) -> Iterator[Row]:
    """The rows of corporate actions; what a line only tells again has none."""
    why = undone(actions, _cancels, _marks, _sought, lambda action: action.line)
    alias: dict[str, str] = {}
    told: set[tuple[datetime, str, str]] = set()
    for at, action in enumerate(actions):
        try:
            if at in why:
                raise Invalid(why[at])
            check_kept(action.category, action.symbol, action.line)
            entry = _entry(action, alias)
            key = action.at, action.account, _head(action)
            if entry is None or (entry.kind is Kind.splits and key in told):
                continue
            told.add(key)
            odd = ""
            if entry.kind is Kind.spin_off:
                odd = "how much of the cost it takes along is not told: none, until it is edited"
            yield taken(action.line, entry, _security(action, entry), odd)
        except Invalid as error:
            yield refused(action.line, error)


def _entry(action: Action, alias: dict[str, str]) -> Transaction | None:
    """The entry of a line; None where another tells it, or it changes nothing."""
    match = action.sentence
    if match is None or _cancels(action):
        raise _unread(action)
    held, what = alias.get(match["held"], match["held"]), match["what"].upper()
    entry = Transaction(
        kind=Kind.splits,
        at=action.at,
        account=action.account,
        symbol=_OLD.sub("", held),
        currency=action.currency,
        note=action.description,
        reference=action.reference,
    )
    if found := _SPLIT.match(what):
        return _changed(entry, Kind.splits, quantity=ratio_of(found[1], found[2]))
    if found := _STOCK_DIVIDEND.match(what):
        if found[1] and found[1] != match["isin"]:
            raise _unread(action)
        return _changed(entry, Kind.splits, quantity=ONE + ratio_of(found[2], found[3]))
    if found := _SPIN_OFF.match(what):
        if action.symbol in ("", held):
            raise _unread(action)
        return _changed(entry, Kind.spin_off, action.symbol, quantity=ratio_of(found[1], found[2]))
    if (found := _TENDERED.match(what)) and found[1] == found[2]:
        if action.quantity > 0:
            alias[action.symbol] = held
        return None
    if _RENAMED.match(what) and _OLD.sub("", action.symbol) == _OLD.sub("", held):
        return None
    if _PAID.match(what) and action.quantity < 0 < action.proceeds:
        return _changed(entry, Kind.sell, quantity=-action.quantity, amount=action.proceeds)
    raise _unread(action)


def _changed(
    entry: Transaction,
    kind: Kind,
    into: str = "",
    quantity: Decimal | None = None,
    amount: Decimal | None = None,
) -> Transaction:
    share = ZERO if kind is Kind.spin_off else None
    return replace(entry, kind=kind, into=into, quantity=quantity, amount=amount, cost_share=share)


def _cancels(action: Action) -> bool:
    return "CA" in action.codes


def _marks(action: Action) -> Iterator[Hashable]:
    yield action.description, action.account, action.quantity


def _sought(action: Action) -> Iterator[Hashable]:
    yield action.description, action.account, -action.quantity


def _head(action: Action) -> str:
    """The sentence without the part that tells which of its lines it is."""
    match = action.sentence
    return f"{match['held']} {match['what']}" if match else action.description


def _security(action: Action, entry: Transaction) -> Security:
    """What the entry's symbol is of, which is what was held."""
    match = action.sentence
    if match is None or entry.symbol != match["held"]:
        return Security(ticker=entry.symbol, currency=action.currency)
    name = action.security.name if action.symbol == entry.symbol else ""
    isin = match["isin"] if len(match["isin"]) == 12 else ""
    return Security(ticker=entry.symbol, isin=isin, name=name, currency=action.currency)


def _unread(action: Action) -> Invalid:
    return Invalid(
        f"a corporate action that is not read, enter it by hand: {action.description} "
        f"in line {action.line}"
    )
