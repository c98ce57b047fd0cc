"""A ledger as hledger reads it; comments beside each transaction hold what postings cannot."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date

from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.journal import Amount, Posting
from tio.engine.portfolio.importing.writing.fields import told
from tio.engine.portfolio.importing.writing.postings import Names, Poster
from tio.engine.portfolio.moments import zone_named

_PLAIN = re.compile(r"[A-Za-z]+")


def as_hledger(entries: Sequence[Transaction], zone: str = "UTC") -> str:
    """The entries in their order, dated by the days of `zone`."""
    there = zone_named(zone)
    poster = Poster(HLEDGER)
    lines = ["; written by tio", "decimal-mark ."]
    for entry in entries:
        day = entry.at.astimezone(there).date()
        lines += ["", *_transaction(entry, day, poster.post(entry))]
    return "\n".join(lines) + "\n"


def _transaction(entry: Transaction, day: date, postings: Iterable[Posting]) -> Iterable[str]:
    kind = entry.kind.value.replace("_", " ")
    yield f"{day} * {kind} {_described(entry.symbol or entry.currency)}".rstrip()
    yield from (f"    ; tio-{name}: {json.dumps(text)}" for name, text in told(entry))
    for posting in postings:
        worth = f" @@ {_amount(posting.worth)}" if posting.worth else ""
        if posting.amount:
            yield f"    {posting.account}  {_amount(posting.amount)}{worth}"


def _amount(amount: Amount) -> str:
    name = amount.commodity
    spelled = name if _PLAIN.fullmatch(name) else f'"{name}"'
    return f"{amount.number:f} {spelled}"


def _described(text: str) -> str:
    return re.sub(r"[;|\s]+", " ", text)


def _account(root: str, *parts: str) -> str:
    return ":".join((root.lower(), *(_component(part) for part in parts)))


def _component(text: str) -> str:
    """A part of an account's name: no colon, no semicolon, no two spaces."""
    return re.sub(r"[:;\s()\[\]\"=]+", " ", text).strip(" *!~") or "X"


def _commodity(text: str) -> str:
    """As it is, but for what quotes cannot hold."""
    return re.sub(r'["\n;]+', "-", text)


HLEDGER = Names(_account, _commodity)
