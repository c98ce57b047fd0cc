"""Answers for sales out of chosen lots: seen before as the ledger would book them, then entered."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, localcontext
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import Request
from tio.api.errors import Conflict, Invalid
from tio.api.ledger import AddTransaction, Change
from tio.api.portfolio import Gain, LotRule, Transaction, TransactionKind
from tio.api.sales import LotPart, LotPick, PreviewSale, SaleLot, SalePreview, SellLots
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.drafts import Drafting, said
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import EXACT, ONE, ZERO, major, share
from tio.engine.portfolio.picking import BY_RULE, held_so, picked, shared
from tio.engine.portfolio.reports import LONG, gains_of, lots_of
from tio.engine.portfolio.shelf import Edit, Ledger, Shelf, edited, fresh
from tio.engine.service import Answer
from tio.engine.written import written_before


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale as a whole: its draft, the books without what it replaces, the lots open then."""

    draft: Transaction
    books: Books
    was: Transaction | None
    lots: tuple[SaleLot, ...]


class Selling:
    """Sales of the ledgers on a shelf; `now` is the workspace's time, `wall` the real one."""

    def __init__(
        self,
        shelf: Shelf,
        drafting: Drafting,
        now: Callable[[], datetime],
        wall: Callable[[], datetime],
    ) -> None:
        self._shelf, self._drafting, self._now, self._wall = shelf, drafting, now, wall

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {PreviewSale: self._preview, SellLots: self._sell}

    async def _preview(self, asked: PreviewSale, by: Principal) -> SalePreview:
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        sale = await self._sale(ledger, asked)
        return await asyncio.to_thread(self._previewed, ledger, sale, asked)

    async def _sell(self, asked: SellLots, by: Principal) -> tuple[Transaction, ...]:
        first = await written_before(self._shelf.database, asked, by, tuple[Transaction, ...])
        if first is not None:
            return first
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        sale = await self._sale(ledger, asked)
        draft = replace(sale.draft, note=clean(asked.note).strip(), tags=asked.tags)
        parts = _in_parts(draft, held_so(asked.parts, sale.lots))
        was, now = sale.was, self._wall()

        def sell(ledger: Ledger, _: sqlite3.Connection) -> Edit:
            if was is not None and ledger.books.entry(was.id) != was:
                raise Conflict(f"entry {was.id} was changed just now", "look again, then edit")
            come = _numbered(parts, ledger, was, now)
            what = f"{said(sale.draft)} out of {_named([part.lot for part in parts])}"
            gone = () if was is None else (was,)
            return Edit(what if was is None else f"edit {was.id}: {what}", gone, come)

        def told(_: Change, edit: Edit) -> tuple[Transaction, ...]:
            return tuple(edit.come)

        kind = tuple[Transaction, ...]
        return await self._shelf.change(asked, by, asked.portfolio, sell, told, kind)

    async def _sale(self, ledger: Ledger, asked: PreviewSale | SellLots) -> Sale:
        """The sale drafted and the lots there are for it; Invalid, NotFound."""
        books = ledger.books
        was = books.entry(asked.replaces) if asked.replaces else None
        if was is not None and was.kind is not TransactionKind.sell:
            raise Invalid(f"entry {was.id} is a {was.kind.value} and no sale")
        draft = await self._draft(books, asked, was)
        if was is not None:
            books = await asyncio.to_thread(books.changed, (was,), ())
        draft, lots = await asyncio.to_thread(_opened, books, draft, asked.account)
        return Sale(draft, books, was, lots)

    async def _draft(
        self, books: Books, asked: PreviewSale | SellLots, was: Transaction | None
    ) -> Transaction:
        parts = sum((each.quantity for each in asked.parts), ZERO)
        whole = parts or (asked.quantity if isinstance(asked, PreviewSale) else None)
        symbol = asked.symbol
        entry = AddTransaction(
            asked.portfolio,
            TransactionKind.sell,
            asked.date or self._now().isoformat(),
            symbol,
            ONE if whole is None else whole,
            asked.price,
            asked.amount,
            asked.fee,
            asked.tax,
            asked.currency,
            asked.rate,
            unlisted=bool(books.of(symbol)),
        )
        draft = await self._drafting.added(books, entry)
        if (
            was is not None
            and asked.rate is None
            and (was.at, was.currency)
            == (
                draft.at,
                draft.currency,
            )
        ):
            draft = replace(draft, rate=was.rate)
        return draft if whole is not None else replace(draft, quantity=None)

    def _previewed(self, ledger: Ledger, sale: Sale, asked: PreviewSale) -> SalePreview:
        portfolio = sale.books.portfolio
        rule = _rule(sale)
        wanted = sale.draft.quantity or ZERO
        with localcontext(EXACT):
            whole = sum((lot.quantity for lot in sale.lots), ZERO)
        parts = held_so(asked.parts, sale.lots) or picked(
            sale.lots, wanted, asked.pick or BY_RULE.get(rule, LotPick.fifo)
        )
        sold = sum((part.quantity for part in parts), ZERO)
        draft = replace(sale.draft, quantity=sold or wanted)
        seen = SalePreview(
            portfolio=portfolio.name,
            symbol=draft.symbol,
            account=draft.account,
            currency=portfolio.currency,
            rule=rule,
            at=draft.at,
            price=_price(draft),
            price_currency=draft.currency,
            quantity=sold,
            lacks=wanted - sold,
            lots=sale.lots,
            left=whole - sold,
            left_cost=sum((lot.cost for lot in sale.lots), ZERO),
        )
        if not parts:
            return seen
        come = _numbered(_in_parts(draft, parts), ledger, sale.was, self._wall())
        try:
            books = sale.books.changed((), come)
        except Invalid as error:
            seen = replace(seen, trouble=clean(f"{error.message}; {error.next}".rstrip("; ")))
            return _taking(seen, parts, {})
        ids = {entry.id for entry in come}
        zone = zone_named(portfolio.zone)
        gains = gains_of(books, zone, None, draft.symbol).gains
        return _realised(seen, parts, [gain for gain in gains if gain.closed_by in ids])


def _realised(seen: SalePreview, parts: Sequence[LotPart], gains: Sequence[Gain]) -> SalePreview:
    """With what the ledger books for each part."""
    with localcontext(EXACT):
        told = {gain.lot: gain.gain for gain in gains}
        whole = sum((gain.gain for gain in gains), ZERO)
        short = sum((gain.gain for gain in gains if gain.held_days <= LONG), ZERO)
        return replace(
            _taking(seen, parts, told),
            proceeds=sum((gain.proceeds for gain in gains), ZERO),
            gain=whole,
            short_term=short,
            long_term=whole - short,
            currency_gain=sum((gain.currency_gain for gain in gains), ZERO),
            wash=any(gain.wash for gain in gains),
            left_cost=seen.left_cost - sum((gain.cost for gain in gains), ZERO),
        )


def _taking(
    seen: SalePreview, parts: Sequence[LotPart], gains: Mapping[str, Decimal]
) -> SalePreview:
    taken = {part.lot: part.quantity for part in parts}
    lots = tuple(
        replace(lot, taken=taken.get(lot.id, ZERO), taken_gain=gains.get(lot.id, ZERO))
        for lot in seen.lots
    )
    return replace(seen, lots=lots)


def _opened(
    books: Books, draft: Transaction, account: str | None
) -> tuple[Transaction, tuple[SaleLot, ...]]:
    """The draft in its account, of all that is held where it tells no quantity, and its lots."""
    then = _open_at(books, draft)
    draft = replace(draft, account=_account(then, draft.symbol, account))
    draft = replace(draft, quantity=draft.quantity or _held(then, draft))
    lots = _sale_lots(then, draft)
    if not lots:
        where = f" in {draft.account}" if draft.account else ""
        day = draft.at.astimezone(zone_named(books.portfolio.zone)).date()
        raise Invalid(f"no lot of {draft.symbol}{where} is open on {day}")
    return draft, lots


def _open_at(books: Books, draft: Transaction) -> Books:
    """The books at the time of a sale; these themselves where nothing came after it."""
    later = any(entry.at > draft.at for entry in books.entries())
    return books.until(draft.at) if later else books


def _account(books: Books, symbol: str, told: str | None) -> str:
    """The account sold from: the one told, else the only one that holds any."""
    if told is not None:
        return told
    held = sorted({lot.account for lot in lots_of(books, symbol, None) if lot.quantity > 0})
    if len(held) > 1:
        where = ", ".join(each or "no account" for each in held)
        raise Invalid(f"{symbol} is held in several places: {where}", "name one with account")
    return held[0] if held else ""


def _held(books: Books, draft: Transaction) -> Decimal:
    """How much of the draft's symbol its account holds."""
    lots = lots_of(books, draft.symbol, draft.account)
    with localcontext(EXACT):
        return sum((lot.quantity for lot in lots if lot.quantity > 0), ZERO)


def _sale_lots(books: Books, draft: Transaction) -> tuple[SaleLot, ...]:
    """The long lots open in the draft's account, the oldest first."""
    zone = zone_named(books.portfolio.zone)
    _, unit = major(draft.currency)
    rate = draft.rate or ONE
    told = []
    with localcontext(EXACT):
        for lot in lots_of(books, draft.symbol, draft.account):
            if lot.quantity <= 0:
                continue
            days = (draft.at.astimezone(zone).date() - lot.opened_at.astimezone(zone).date()).days
            worth = lot.quantity * _price(draft) * unit * rate
            told.append(
                SaleLot(
                    id=lot.id,
                    opened_at=lot.opened_at,
                    held_days=days,
                    long_term=days > LONG,
                    quantity=lot.quantity,
                    cost=lot.base_cost,
                    gain=worth - lot.base_cost,
                )
            )
    return tuple(told)


def _price(draft: Transaction) -> Decimal:
    """A unit's, of the amount where none is told."""
    if draft.amount is not None and draft.quantity:
        return share(draft.amount, ONE, draft.quantity)
    return draft.price or ZERO


def _rule(sale: Sale) -> LotRule:
    portfolio = sale.books.portfolio
    own = {account.name: account.lots for account in portfolio.accounts}
    return own.get(sale.draft.account) or portfolio.lots


def _in_parts(draft: Transaction, parts: Sequence[LotPart]) -> list[Transaction]:
    """An entry a lot; fee, tax and amount shared out by quantity."""
    quantities = [part.quantity for part in parts]
    fees, taxes = shared(draft.fee, quantities), shared(draft.tax, quantities)
    amounts: Sequence[Decimal | None] = [None] * len(parts)
    if draft.amount is not None:
        amounts = shared(draft.amount, quantities)
    return [
        replace(draft, lot=part.lot, quantity=part.quantity, fee=fee, tax=tax, amount=amount)
        for part, fee, tax, amount in zip(parts, fees, taxes, amounts, strict=True)
    ]


def _numbered(
    parts: Sequence[Transaction], ledger: Ledger, was: Transaction | None, now: datetime
) -> list[Transaction]:
    """Entries with their numbers; the first keeps that of the sale it replaces."""
    if was is None:
        return [fresh(entry, ledger, now, at) for at, entry in enumerate(parts)]
    kept = {"id": was.id, "position": was.position, "reference": was.reference}
    first = edited(replace(parts[0], **kept, batch=was.batch, version=was.version), now)
    return [first, *(fresh(entry, ledger, now, at) for at, entry in enumerate(parts[1:]))]


def _named(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"lot {names[0]}"
    return f"lots {', '.join(names[:8])}" + (" …" if len(names) > 8 else "")
