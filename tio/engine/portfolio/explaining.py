"""Figures opened into parts that add up to them: lots, prices, rates, entries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal, localcontext

from tio.api.errors import Invalid
from tio.api.explained import Explanation, Part
from tio.api.portfolio import Holdings, Position, Transaction
from tio.engine.portfolio.books import Books, Held
from tio.engine.portfolio.drafts import said
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import EXACT, ZERO, plain
from tio.engine.portfolio.tallies import Tally

_RULES = {
    "nav": "cash and the value of every position, at the newest prices and rates",
    "flows": "what came from outside less what went there, at the rates of the days",
    "realised": "what closed lots brought less what they had cost, at the rates of the days",
    "unrealised": "the value of every open lot less what it cost",
    "income": "dividends and interest before tax, at the rates of the days",
    "fees": "fees outside lots, at the rates of the days",
    "taxes": "taxes paid, at the rates of the days",
    "currency_result": "cash at the newest rates less what it was booked at",
    "carried": "what transferred lots had gained elsewhere, or took along",
    "day_change": "quantity × change since the previous close, since opened, or till closed today",
    "quantity": "what open lots hold",
    "cost": "what open lots cost, buy fees in it, at the rates of the days",
    "value": "quantity × price × rate",
}
_TALLIED = {each.name for each in fields(Tally)} - {"lot_fees"}
_OF_ONE = {
    *("quantity", "cost", "value", "unrealised", "realised", "income", "fees", "taxes"),
    "day_change",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What figures are opened from."""

    books: Books
    holdings: Holdings
    day_begin: datetime


def explained(opened: Opened, figure: str) -> Explanation:
    """The figure with its parts; Invalid where there is no such figure."""
    name, _, symbol = figure.partition(":")
    if name not in _RULES or (symbol and name not in _OF_ONE):
        raise Invalid(f"there is no figure {figure[:60]!r}", f"one of {', '.join(_RULES)}")
    if not symbol and name in ("quantity", "cost", "value"):
        raise Invalid(f"{name} is of one instrument", f"name it, as {name}:AAPL")
    with localcontext(EXACT):
        parts = tuple(_parts(opened, name, symbol))
        known = all(part.value is not None for part in parts)
        value = sum((part.value or ZERO for part in parts), ZERO) if known else None
    held = opened.holdings
    return Explanation(
        figure=figure,
        value=value,
        currency="" if name == "quantity" else held.currency,
        rule=_RULES[name],
        parts=parts,
        at=held.at,
        lacks=() if known else held.lacks,
    )


def _parts(opened: Opened, name: str, symbol: str) -> Iterator[Part]:
    if name in _TALLIED:
        if name == "realised":
            yield from _realised(opened.books, symbol)
        yield from _by_entry(opened.books, name, symbol)
        return
    if name == "nav":
        yield from _values(opened.holdings, "")
        yield from _cash(opened.holdings)
    elif name == "currency_result":
        yield from _booked_cash(opened)
    elif name == "value":
        yield from _values(opened.holdings, symbol)
    else:
        yield from _by_lot(opened, name, symbol)
        if name == "day_change" and not symbol:
            yield from _closed_today(opened.holdings)


def _closed_today(held: Holdings) -> Iterator[Part]:
    """What was closed since the day began, which no open lot tells."""
    changes = [each.day_change for each in held.positions]
    if held.day_change is None or None in changes:
        return
    brought = held.day_change - sum((each or ZERO for each in changes), ZERO)
    if brought:
        yield Part(label="closed today", value=brought, working="proceeds − closes before, or cost")


def _values(held: Holdings, symbol: str) -> Iterator[Part]:
    for each in held.positions:
        if symbol in ("", each.symbol):
            yield _of_position(each, each.symbol, each.value, _times(each, each.quantity))


def _cash(held: Holdings) -> Iterator[Part]:
    for each in held.cash:
        working = "" if each.rate in (None, 1) else f"{plain(each.amount)} × {plain(each.rate)}"
        yield Part(
            label=f"cash {each.currency}", value=each.value, working=working, stale=each.stale
        )


def _booked_cash(opened: Opened) -> Iterator[Part]:
    book = opened.books.till().book
    for each in opened.holdings.cash:
        booked = book[each.currency]
        value = None if each.value is None else each.value - booked
        yield Part(
            label=f"cash {each.currency}",
            value=value,
            working="" if each.value is None else f"{plain(each.value)} − {plain(booked)}",
            stale=each.stale,
        )


def _by_lot(opened: Opened, name: str, symbol: str) -> Iterator[Part]:
    positions = {each.symbol: each for each in opened.holdings.positions}
    for held in opened.books.held():
        if symbol in ("", held.symbol):
            yield _LOTS[name](opened, positions[held.symbol], held)


def _quantity(opened: Opened, _: Position, held: Held) -> Part:
    return Part(label=_lot(opened, held), value=held.lot.quantity, entry=held.lot.id)


def _cost(opened: Opened, _: Position, held: Held) -> Part:
    lot = held.lot
    working = f"{plain(lot.quantity)} for {plain(lot.cost)} {lot.currency}"
    return Part(label=_lot(opened, held), value=lot.base_cost, working=working, entry=lot.id)


def _unrealised(opened: Opened, position: Position, held: Held) -> Part:
    value = _worth(position, held)
    return _of_position(
        position,
        _lot(opened, held),
        None if value is None else value - held.lot.base_cost,
        f"{_times(position, held.lot.quantity)} − {plain(held.lot.base_cost)}",
        held.lot.id,
    )


def _day_change(opened: Opened, position: Position, held: Held) -> Part:
    value = _worth(position, held)
    if held.lot.opened_at >= opened.day_begin:
        change = None if value is None else value - held.lot.base_cost
        working = (
            f"{_times(position, held.lot.quantity)} − {plain(held.lot.base_cost)} (opened today)"
        )
        return _of_position(position, _lot(opened, held), change, working, held.lot.id)
    price, before, rate = position.price, position.previous_close, position.rate
    if price is None or before is None or rate is None:
        return _of_position(position, _lot(opened, held), None, "no close before", held.lot.id)
    working = f"{plain(held.lot.quantity)} × ({plain(price)} − {plain(before)}){_rated(rate)}"
    change = held.lot.quantity * (price - before) * rate
    return _of_position(position, _lot(opened, held), change, working, held.lot.id)


def _realised(books: Books, symbol: str) -> Iterator[Part]:
    for closing in books.closings():
        if symbol in ("", closing.symbol):
            part = closing.part
            working = f"{plain(closing.proceeds)} {closing.currency}{_rated(closing.rate)}"
            yield Part(
                label=f"{plain(part.quantity)} {closing.symbol} of lot {part.id}",
                value=closing.gain,
                working=f"{working} − {plain(part.base_cost)}",
                entry=closing.closed_by,
                as_of=closing.closed_at,
            )


def _by_entry(books: Books, name: str, symbol: str) -> Iterator[Part]:
    """What each entry added; what closed lots realised is told by `_realised`."""
    for strand, entries in books.strands_anew():
        before = ZERO
        for entry in entries:
            strand.book((entry,))
            tallies = strand.tallies.items()
            now = sum((getattr(t, name) for s, t in tallies if symbol in ("", s)), ZERO)
            if name == "realised":
                every = (c.gain for c in strand.closings if symbol in ("", c.symbol))
                now -= sum(every, ZERO)
            if now != before:
                yield _of_entry(entry, now - before)
            before = now


def _of_entry(entry: Transaction, value: Decimal) -> Part:
    rate = "" if entry.rate in (None, 1) else f" at {plain(entry.rate)}"
    return Part(
        label=said(entry), value=value, working=rate.strip(), entry=entry.id, as_of=entry.at
    )


def _of_position(
    position: Position, label: str, value: Decimal | None, working: str, entry: str = ""
) -> Part:
    return Part(
        label=label,
        value=value,
        working=working if value is not None else "no price or rate",
        entry=entry,
        source=position.source,
        as_of=position.as_of,
        stale=position.stale,
    )


def _worth(position: Position, held: Held) -> Decimal | None:
    if position.price is None or position.rate is None:
        return None
    return held.lot.quantity * position.price * position.rate


def _times(position: Position, quantity: Decimal) -> str:
    if position.price is None or position.rate is None:
        return ""
    return f"{plain(quantity)} × {plain(position.price)}{_rated(position.rate)}"


def _rated(rate: Decimal) -> str:
    return "" if rate == 1 else f" × {plain(rate)}"


def _lot(opened: Opened, held: Held) -> str:
    where = f" in {held.account}" if held.account else ""
    day = held.lot.opened_at.astimezone(zone_named(opened.books.portfolio.zone)).date()
    return f"{held.symbol} lot {held.lot.id} of {day}{where}"


_LOTS: dict[str, Callable[[Opened, Position, Held], Part]] = {
    "quantity": _quantity,
    "cost": _cost,
    "unrealised": _unrealised,
    "day_change": _day_change,
}
