"""Beancount's booking cases: what a reduction takes from lots, and what it leaves.

A ledger in a case is a row of blocks: `#ante` is held before, each `#apply` is booked on it by
itself, `#booked` is what it took or its error, `#ex` what is left. A lot's cost, date or label
named in braces says which one is meant, as `lot` does here.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from beancount_ledgers import Block, Posting, blocks_of
from msgspec import structs
from truth import Case, Differs, Figures, NoCounterpart, Verdict

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule
from tio.engine.portfolio.lots import Inventory, OpenLot

import recorded

FILES = ("beancount_booking_full_test", "beancount_booking_test")
_METHODS = {"STRICT": LotRule.specific, "FIFO": LotRule.fifo, "LIFO": LotRule.lifo}
_METHODS |= {"HIFO": LotRule.hifo, "AVERAGE": LotRule.average, "NONE": LotRule.specific}
_ERRORS = {
    "Not enough lots to reduce": "^there are|^lot .* holds",
    "Ambiguous matches": "^which of the|^there is no open lot",
}
_WITHOUT = {
    "TestCategorizeCurrencyGroup": "sorting incomplete postings into currencies: a file's syntax",
    "TestReplaceCurrenciesInGroup": "sorting incomplete postings into currencies: a file's syntax",
    "TestInterpolateCurrencyGroup": "filling in numbers a file leaves out",
    "TestInterpolationRounding": "filling in numbers a file leaves out",
    "TestParseBookingOptions": "an option of its files",
    "TestHasSelfReductions": "what it expects is in its code and not in the record",
    "TestBook": "what it expects is in its code and not in the record",
    "TestBookingValidation": "what it expects is in its code and not in the record",
    "TestInvalidAmountsErrors": "what it expects is in its code and not in the record",
}


def cases() -> Iterator[Case]:
    """Every case of both files."""
    for file in FILES:
        for told in json.loads(recorded.read_text(f"6_portfolio/{file}.shared.json.gz")):
            name = f"{told['class']}.{told['test']}"
            try:
                yield _case(told["class"], told["test"], told["ledger"]).case(name)
            except NoCounterpart as why:
                yield Case(name, Verdict.foreign, 0, str(why))
            except Differs as why:
                yield Case(name, Verdict.differs, 0, str(why))


def _case(group: str, test: str, ledger: str) -> Figures:
    if group in _WITHOUT:
        raise NoCounterpart(_WITHOUT[group])
    blocks = list(blocks_of(ledger))
    held = [
        replace(posting, day=posting.day or block.day)
        for block in blocks
        if "#ante" in block.tags
        for posting in block.postings
    ]
    applied = [block for block in blocks if "#apply" in block.tags]
    rule = _rule(f"{group}_{test}")
    _check(held, applied, blocks)
    booked = next((b for b in blocks if "#booked" in b.tags and "#apply" not in b.tags), None)
    left = next((block for block in blocks if "#ex" in block.tags), None)
    figures = Figures()
    for block in applied:
        _apply(figures, held, block, rule, booked, left)
    if figures.wrong:
        _excuse(held, applied, f"{group}_{test}", rule)
    return figures


def _rule(name: str) -> LotRule:
    """The method its name says; where it says none, ours where none is said."""
    words = name.upper().split("_")
    found = [rule for word, rule in _METHODS.items() if word in words]
    return found[0] if found else LotRule.fifo


def _check(held: list[Posting], applied: list[Block], blocks: list[Block]) -> None:
    """Raise where a case cannot be asked of an inventory of lots, by what it holds."""
    meant = [posting for block in applied for posting in block.postings]
    if not meant or any(b.error == "Failed to categorize posting" for b in blocks):
        raise NoCounterpart("filling in numbers a file leaves out")
    if any(not p.at_cost for p in (*held, *meant)):
        raise NoCounterpart("money at no cost is cash, which has no lots")
    if any(p.price is None and p.currency and not held for p in meant):
        raise NoCounterpart("filling in numbers a file leaves out")


def _excuse(held: list[Posting], applied: list[Block], name: str, rule: LotRule) -> None:
    """Raise where what came out is another definition, and not a fault."""
    meant = [posting for block in applied for posting in block.postings]
    if not held and len({posting.units > 0 for posting in meant}) > 1:
        raise Differs(
            "buying and selling the same in one entry leaves both lots; here the second closes "
            "the first, as there is no lot of the other sign beside it"
        )
    if "NONE" in name.upper().split("_"):
        raise Differs(
            "with booking NONE longs and shorts of one symbol stand side by side; here a sale "
            "of what is held closes it"
        )
    if rule is LotRule.average and len({posting.currency for posting in held}) > 1:
        raise Differs(
            "it averages what was paid in each currency by itself; here such an average is refused"
        )
    if rule is LotRule.average and any(p.day or p.price for p in meant):
        raise Differs("it averages the lots that are named; here all of an account's")


def _apply(
    figures: Figures,
    held: list[Posting],
    block: Block,
    rule: LotRule,
    booked: Block | None,
    left: Block | None,
) -> None:
    symbol = block.postings[0].symbol
    try:
        inventory = _inventory([posting for posting in held if posting.symbol == symbol])
    except Invalid as refused:
        figures.equal("held", "longs and shorts", str(refused))
        return
    error = booked.error if booked is not None else ""
    try:
        moved = [part for each in block.postings for part in _book(inventory, each, block, rule)]
    except Invalid as refused:
        figures.equal("refused", True, bool(re.search(_ERRORS.get(error, "^$"), str(refused))))
    else:
        figures.equal("refused", error, "")
        if booked is not None:
            figures.equal("booked", _merged(booked.postings, block.day), _told(moved))
    if left is not None:
        same = tuple(posting for posting in left.postings if posting.symbol == symbol)
        if rule is LotRule.average:
            figures.equal("left", _sums(same), _sums_of(inventory))
        else:
            figures.equal("left", _merged(same, left.day), _told(inventory))


def _inventory(held: list[Posting]) -> Inventory:
    made = Inventory()
    for number, each in enumerate(held):
        made.put(_lot(f"lot{number}", each, each.day))
    return made


def _lot(id: str, told: Posting, day: str) -> OpenLot:
    cost = told.units * (told.price or Decimal(0))
    at = datetime.fromisoformat(told.day or day).replace(tzinfo=UTC)
    return OpenLot(f"{id} {told.label}".strip(), at, told.units, cost, told.currency, cost)


def _book(inventory: Inventory, told: Posting, block: Block, rule: LotRule) -> list[OpenLot]:
    if inventory.quantity * told.units >= 0:
        lot = _lot("new", told, block.day)
        inventory.put(lot)
        return [lot]
    return [_turned(part) for part in _reduce(inventory, told, rule)]


def _turned(part: OpenLot) -> OpenLot:
    return structs.replace(part, quantity=-part.quantity, cost=-part.cost)


def _reduce(inventory: Inventory, told: Posting, rule: LotRule) -> list[OpenLot]:
    wanted = -told.units
    meant = [lot for lot in inventory if _fits(lot, told)]
    if len(meant) == len(list(inventory)):
        return inventory.take(wanted, rule)
    if len(meant) == 1:
        return inventory.take(wanted, rule, meant[0].id)
    if sum(lot.quantity for lot in meant) == wanted:
        # A sale names one lot: of several that are all sold, there is one sale each.
        return [part for lot in meant for part in inventory.take(lot.quantity, rule, lot.id)]
    return inventory.take(wanted, rule, told.label or "none such")


def _fits(lot: OpenLot, told: Posting) -> bool:
    unit = lot.cost / lot.quantity
    return (
        told.price in (None, unit)
        and told.day in ("", f"{lot.opened_at:%Y-%m-%d}")
        and (not told.label or lot.id.endswith(f" {told.label}"))
    )


Told = Counter[tuple[Decimal, str, str]]


def _told(lots: Inventory | list[OpenLot]) -> Told:
    """Quantities by unit cost, currency and date."""
    found: Told = Counter()
    for lot in lots:
        unit = (lot.cost / lot.quantity).normalize()
        found[unit, lot.currency, f"{lot.opened_at:%Y-%m-%d}"] += lot.quantity  # type: ignore[assignment]
    return found


def _merged(postings: tuple[Posting, ...], day: str) -> Told:
    found: Told = Counter()
    for each in postings:
        if not each.merge:
            key = ((each.price or Decimal(0)).normalize(), each.currency, each.day or day)
            found[key] += each.units  # type: ignore[assignment]
    return found


def _sums(postings: tuple[Posting, ...]) -> tuple[Decimal, Decimal]:
    """Quantity and cost: it makes one lot of those it averages, here they keep their dates."""
    cost = sum((p.units * (p.price or Decimal(0)) for p in postings), Decimal(0))
    return sum((p.units for p in postings), Decimal(0)), cost


def _sums_of(inventory: Inventory) -> tuple[Decimal, Decimal]:
    return inventory.quantity, sum((lot.cost for lot in inventory), Decimal(0))
