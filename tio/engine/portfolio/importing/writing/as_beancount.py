"""A ledger as Beancount reads it (version 2 and 3).

Metadata beside each transaction holds what postings cannot, so that reading it back loses nothing.
Names that Beancount does not take are spelled as near as it does.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.journal import Amount, Posting
from tio.engine.portfolio.importing.writing.fields import told
from tio.engine.portfolio.importing.writing.postings import Names, Poster
from tio.engine.portfolio.moments import zone_named

_PENCE = {"GBp": "GBX"}
_HEAD = (
    'option "title" "tio"',
    'option "inferred_tolerance_default" "*:0.000000000001"',
)


def as_beancount(entries: Sequence[Transaction], zone: str = "UTC") -> str:
    """The entries in their order, dated by the days of `zone`; every account is opened first."""
    there = zone_named(zone)
    poster = Poster(BEANCOUNT)
    days = [entry.at.astimezone(there).date() for entry in entries]
    posted = [poster.post(entry) for entry in entries]
    lines = [*_HEAD, ""]
    accounts = sorted({each.account for postings in posted for each in postings})
    first = min(days, default=date(1970, 1, 1))
    lines += [f"{first} open {account}" for account in accounts]
    for entry, day, postings in zip(entries, days, posted, strict=True):
        lines += ["", *_transaction(entry, day, postings)]
    return "\n".join(lines) + "\n"


def _transaction(entry: Transaction, day: date, postings: Iterable[Posting]) -> Iterable[str]:
    yield f"{day} * {_quoted(_title(entry))}"
    yield from (f"  tio-{name.replace('_', '-')}: {_quoted(text)}" for name, text in told(entry))
    for posting in postings:
        worth = f" @@ {_amount(posting.worth)}" if posting.worth else ""
        if posting.amount:
            yield f"  {posting.account}  {_amount(posting.amount)}{worth}"


def _amount(amount: Amount) -> str:
    return f"{amount.number:f} {amount.commodity}"


def _title(entry: Transaction) -> str:
    return f"{entry.kind.value.replace('_', ' ')} {entry.symbol or entry.currency}".strip()


def _quoted(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def _account(root: str, *parts: str) -> str:
    return ":".join((root, *(_component(part) for part in parts)))


def _component(text: str) -> str:
    """A part of an account's name: letters, digits and dashes, a capital or digit first."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") or "X"
    return name[0].upper() + name[1:]


def _commodity(text: str) -> str:
    """Capitals, digits and ' . _ - inside; two to 24 of them, a capital first."""
    name = re.sub(r"[^A-Z0-9'._-]+", "-", _PENCE.get(text, text).upper()).strip("'._-")
    if not name or not name[0].isalpha():
        name = f"X{name}"
    return name[:24].rstrip("'._-") if len(name) > 1 else f"{name}X"


BEANCOUNT = Names(_account, _commodity)
