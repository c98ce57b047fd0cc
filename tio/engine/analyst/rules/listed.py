"""The sections of a morning brief: what moved, what was crossed, what is ahead, what is yours."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from tio.api.analyst import ReportLine
from tio.api.companies import GetEvents
from tio.api.contract import Request
from tio.api.ledger import GetPositions
from tio.api.portfolio import Portfolio
from tio.api.trading import ListOrders
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules import trend
from tio.engine.analyst.rules.crossings import crossed
from tio.engine.analyst.rules.days import Days, all_days, daily
from tio.engine.analyst.rules.own import order_figures, plain
from tio.engine.analyst.rules.scope import (
    Answers,
    Note,
    Part,
    Scope,
    Section,
    cite,
    line,
    number,
    priced,
)
from tio.engine.analyst.rules.tables import Row, amount, signed, table

LOOK = th.LOOK


@dataclass(frozen=True)
class Listed:
    """The symbols of a watchlist at one moment, and the caller's portfolios."""

    each: tuple[Scope, ...]

    @property
    def portfolios(self) -> tuple[Portfolio, ...]:
        return self.each[0].portfolios if self.each else ()

    @property
    def symbols(self) -> frozenset[str]:
        return frozenset(each.symbol for each in self.each)

    @property
    def today(self) -> date:
        return self.each[0].now.date()


@dataclass(frozen=True)
class Moved:
    """What the newest day did: percent from the close before, the same in daily ATR, the gap."""

    percent: float
    atrs: float | None
    gap: float | None


def daily_asks(scope: Listed) -> tuple[Request[Any], ...]:
    return daily(scope.each)


def study_asks(scope: Listed) -> tuple[Request[Any], ...]:
    return (*daily(scope.each), *(trend.standing(each) for each in scope.each))


def event_asks(scope: Listed) -> tuple[Request[Any], ...]:
    until = scope.today + timedelta(days=th.SOON_DAYS)
    return tuple(GetEvents(each.symbol, scope.today, until) for each in scope.each)


def position_asks(scope: Listed) -> tuple[Request[Any], ...]:
    return tuple(GetPositions(each.name) for each in scope.portfolios)


def order_asks(scope: Listed) -> tuple[Request[Any], ...]:
    return tuple(ListOrders(each.name, open=True) for each in scope.portfolios)


def moved(days: Days) -> Moved | None:
    """By the quote where it tells the close before, at a past moment by the newest closed day."""
    quote = days.scope.quote
    live = days.scope.at is None and quote is not None and quote.previous_close
    if live and quote is not None and quote.last is not None and quote.previous_close:
        price, before, opened = quote.last, quote.previous_close, quote.open
        atr = days.atr()
    elif days.count > 1:
        price, before, opened = (
            float(days.close[-1]),
            float(days.close[-2]),
            float(days.open[-1]),
        )
        atr = days.atr(days.count - 1)
    else:
        return None
    if not np.isfinite(price) or not np.isfinite(before) or before <= 0:
        return None
    gap = None if opened is None or atr is None else (opened - before) / atr
    return Moved(
        100.0 * (price / before - 1),
        None if atr is None else (price - before) / atr,
        gap if gap is not None and np.isfinite(gap) else None,
    )


def movers(scope: Listed, answers: Answers) -> Part:
    """The largest moves of the newest day, in daily ATR."""
    told, refused = all_days(scope.each, answers)
    found = [(days, move) for days in told if (move := moved(days)) is not None]
    found.sort(key=lambda each: -abs(each[1].atrs or 0.0))
    rows: list[Row] = []
    notes: list[Note] = []
    for days, move in found:
        figures = [days.cite("change_percent", move.percent, "percent")]
        if move.atrs is not None:
            figures.append(days.cite("change_by_atr", move.atrs, "ATR"))
        if len(rows) < th.MOVERS:
            price = days.price
            cells = (
                days.scope.symbol,
                "–" if price is None else priced(price),
                signed(move.percent, 2),
                signed(move.atrs),
                signed(move.gap),
            )
            more = [] if move.gap is None else [days.cite("gap_by_atr", move.gap, "ATR")]
            if price is not None:
                more.append(days.cite("price", price, "price"))
            rows.append((cells, [*figures, *more]))
        notes += _move_notes(days, move)
    lines = [*table(("SYMBOL", "PRICE", "CHANGE %", "BY ATR", "GAP BY ATR"), rows)]
    if len(found) > len(rows):
        lines.append(line(f"{len(found) - len(rows)} smaller moves are not shown."))
    lines += [line(f"{symbol}: {reason}"[:78]) for symbol, reason in refused.items()]
    return Part(lines=tuple(lines), notes=tuple(notes), known=len(found), wanted=len(scope.each))


def _move_notes(days: Days, move: Moved) -> list[Note]:
    notes = []
    if move.atrs is not None and abs(move.atrs) >= th.MOVED:
        cited = days.cite("change_by_atr", move.atrs, "ATR")
        way = "up" if move.atrs > 0 else "down"
        text = f"moved {number(abs(move.atrs), 1)} ATR {way}"
        notes.append(Note(days.scope.symbol, text, LOOK["moved"] * abs(move.atrs), (cited,)))
    if move.gap is not None and abs(move.gap) >= th.GAPPED:
        cited = days.cite("gap_by_atr", move.gap, "ATR")
        text = f"opened {number(abs(move.gap), 1)} ATR {'higher' if move.gap > 0 else 'lower'}"
        notes.append(Note(days.scope.symbol, text, LOOK["gap"], (cited,)))
    return notes


def crossings(scope: Listed, answers: Answers) -> Part:
    """Levels and averages passed since the close before the newest, and states that changed."""
    told, _ = all_days(scope.each, answers)
    notes = [note for days in told for note in crossed(days, answers)]
    lines = tuple(line(f"{each.symbol} {each.text}.", *each.figures) for each in notes)
    none = f"Nothing of the list passed a level or changed its state ({len(told)} looked at)."
    return Part(
        lines=lines or (line(none),), notes=tuple(notes), known=len(told), wanted=len(scope.each)
    )


def events(scope: Listed, answers: Answers) -> Part:
    """Ex-dates of the next days, the soonest first; none told is no proof of none."""
    lines: list[tuple[date, ReportLine]] = []
    notes: list[Note] = []
    known = 0
    for request in event_asks(scope):
        if answers.refused(request) is not None:
            continue
        known += 1
        for event in answers.of(request):
            days = (event.ex_date - scope.today).days
            kind = event.kind.value.replace("_", " ")
            when = "today" if not days else "tomorrow" if days == 1 else f"in {days} days"
            cited = cite(request, event.kind.value, event.ex_date, "date", event.source)
            away = cite(request, f"{event.kind.value}.days", days, "days", event.source)
            told = line(
                f"{event.symbol}: ex-date of a {kind} {event.ex_date}, {when}.", cited, away
            )
            lines.append((event.ex_date, told))
            if days <= th.NEXT_DAYS:
                notes.append(Note(event.symbol, f"{kind} ex-date {when}", LOOK["event"], (cited,)))
    lines.sort(key=lambda each: each[0])
    none = f"No source tells an event of the next {th.SOON_DAYS} days; there may be some."
    return Part(
        lines=tuple(each for _, each in lines) or (line(none),),
        notes=tuple(notes),
        known=known,
        wanted=len(scope.each),
    )


def positions(scope: Listed, answers: Answers) -> Part:
    """What is held of the list, and what the day did to it."""
    scope.each[0].demand_portfolios()
    lines: list[ReportLine] = []
    notes: list[Note] = []
    for request in position_asks(scope):
        holdings = answers.of(request)
        for held in holdings.positions:
            if held.symbol not in scope.symbols:
                continue
            cited = [
                cite(
                    request,
                    f"{held.symbol}.quantity",
                    held.quantity,
                    "units",
                    held.source,
                    held.as_of,
                )
            ]
            text = f"{held.symbol}: {holdings.portfolio} holds {plain(held.quantity)}"
            if held.day_change is not None:
                text += f", today {plain(held.day_change)} {holdings.currency}"
                cited.append(
                    cite(request, f"{held.symbol}.day_change", held.day_change, holdings.currency)
                )
            lines.append(line(f"{text}{' (stale price)' if held.stale else ''}.", *cited))
            said = f"{holdings.portfolio} holds {plain(held.quantity)}"
            notes.append(Note(held.symbol, said, LOOK["position"], (cited[0],)))
    none = "You hold nothing of the list."
    return Part(lines=tuple(lines) or (line(none),), notes=tuple(notes))


def orders(scope: Listed, answers: Answers) -> Part:
    """The working orders in it, the nearest to its price first."""
    scope.each[0].demand_portfolios()
    found: list[tuple[float, ReportLine]] = []
    notes: list[Note] = []
    for request in order_asks(scope):
        for listed in answers.of(request):
            order = listed.order
            if order.symbol not in scope.symbols:
                continue
            at = order.limit if order.limit is not None else order.stop
            price = f" at {plain(at)}" if at is not None else ""
            cited = order_figures(request, order)
            if listed.distance is not None:
                far = cite(request, f"{order.id}.distance", listed.distance, "percent")
                cited = (*cited, far)
            text = f"{order.side} {plain(order.rest)} {order.type}{price}"
            away = "" if listed.distance is None else f", {amount(abs(listed.distance))} % away"
            told = line(f"{order.symbol}: {order.portfolio} would {text}{away}.", *cited)
            found.append((abs(listed.distance or 0.0), told))
            near = listed.distance is not None and abs(listed.distance) <= th.NEAR_ORDER
            weight = LOOK["near_order"] if near else LOOK["order"]
            said = f"an order to {text}{away}"
            notes.append(Note(order.symbol, said, weight, cited))
    found.sort(key=lambda each: each[0])
    none = "No paper order of the list is open."
    return Part(lines=tuple(each for _, each in found) or (line(none),), notes=tuple(notes))


SECTIONS: tuple[Section[Listed], ...] = (
    Section("movers", "Movers", ("GetBars",), daily_asks, movers, bounded=True, aligned=True),
    Section(
        "crossed",
        "Crossed since the close before",
        ("GetBars", "ComputeIndicators"),
        study_asks,
        crossings,
        bounded=True,
    ),
    Section("ahead", "Ahead", ("GetEvents",), event_asks, events),
    Section("positions", "Your positions", ("GetPositions",), position_asks, positions),
    Section("orders", "Your orders", ("ListOrders",), order_asks, orders),
)
