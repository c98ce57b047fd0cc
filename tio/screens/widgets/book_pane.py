"""The pane below the positions: lots, entries, changes, realised gains, performance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.explained import ExplainFigure, Explanation
from tio.api.income import GetIncome, Income
from tio.api.ledger import Change, Gains, GetGains, GetLots, ListChanges, ListTransactions
from tio.api.performance import GetPerformance, Performance
from tio.api.portfolio import Gain, Lot, Transaction
from tio.api.proposals import ListProposals, Proposal, Proposals
from tio.screens.entry_written import told
from tio.screens.following import in_words
from tio.screens.proposing import Proposing
from tio.screens.shown_portfolio import View
from tio.screens.widgets import allocation_lines, income_lines, proposal_lines
from tio.screens.widgets.book_lines import (
    Table,
    change_table,
    discreet,
    entry_table,
    gain_table,
    lot_table,
    year_table,
)
from tio.screens.widgets.curve_lines import curve_rows
from tio.screens.widgets.explained_lines import explained_rows
from tio.screens.widgets.lines import Line
from tio.screens.widgets.performance_lines import by_day, performance_rows
from tio.screens.widgets.portfolio_file import plain
from tio.screens.widgets.portfolio_table import PortfolioTable
from tio.screens.widgets.table_lines import Row

MOST = 500
"""Entries and closed lots shown, the newest."""
NO_ENTRIES = "No entries: a adds one, tio portfolio import FILE reads a broker's file."


@dataclass(frozen=True, slots=True)
class Found:
    """What the ledger answered; of each view some."""

    lots: tuple[Lot, ...] = ()
    entries: tuple[Transaction, ...] = ()
    changes: tuple[Change, ...] = ()
    gains: Gains | None = None
    performance: Performance | None = None
    explained: Explanation | None = None
    income: Income | None = None
    proposals: Proposals | None = None


class BookPane(PortfolioTable):
    """Asks again when the ledger, the symbol or the view is another one."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        self._found = Found()
        self._wanted: tuple[object, ...] = ()
        self._wrong = ""
        self._asking = self._again = False

    def on_mount(self) -> None:
        self.shown.heed(self._look)
        self._entitle()

    def start(self, engine: Engine) -> None:
        self._again = True
        self._look()

    def _look(self) -> None:
        """Ask where something else is wanted than is there; draw what is there."""
        engine, shown = self.stage.engine, self.shown
        symbol = shown.symbol if shown.view in (View.lots, View.entries) else ""
        beside = shown.benchmark if shown.view in (View.performance, View.curves) else ""
        beside = shown.figure if shown.view is View.explained else beside
        wanted = (shown.name, shown.view, symbol, shown.rule, beside, shown.version)
        other = self._again or wanted != self._wanted
        if engine is not None and shown.name and other and self.screen.is_active:
            if wanted[:5] != self._wanted[:5]:
                self._found = Found()
                self.scroll_to(y=0, animate=False)
            self._wanted, self._asking, self._again = wanted, True, False
            self.run("book", self._ask, engine, symbol)
        self._tell()

    async def _ask(self, engine: Engine, symbol: str) -> None:
        name, rule = self.shown.name, self.shown.rule
        self._wrong = ""
        try:
            match self.shown.view:
                case View.changes:
                    self._found = Found(changes=await engine.ask(ListChanges(name, MOST)))
                case View.gains:
                    gains = await engine.ask(GetGains(name, lots=rule))
                    self._found = Found(gains=gains)
                case View.explained:
                    opened = ExplainFigure(name, self.shown.figure, rule)
                    explained = await engine.ask(opened)
                    self._found = Found(explained=explained)
                case View.income:
                    income = await engine.ask(GetIncome(name))
                    self._found = Found(income=income)
                case View.proposals:
                    proposals = await engine.ask(ListProposals(name))
                    self._found = Found(proposals=proposals)
                case View.allocation:
                    self._found = Found()
                case View.performance | View.curves:
                    asked = GetPerformance(name, benchmark=self.shown.benchmark)
                    performance = await engine.ask(asked)
                    self._found = Found(performance=performance)
                case view:
                    entries = await engine.ask(ListTransactions(name, symbol, limit=MOST))
                    lots: tuple[Lot, ...] = ()
                    if view is View.lots and symbol:
                        lots = await engine.ask(GetLots(name, symbol, lots=rule))
                    self._found = Found(lots, entries)
        except TioError as error:
            self._wrong = in_words(error)
        self._asking = False
        self._tell()

    def _tell(self) -> None:
        self._entitle()
        if self.stage.paint is None or not self.is_mounted:
            return
        if not self.shown.name:
            self.show_table([], [])
        elif self._wrong:
            self.show_table([], [([(self._wrong, "fall")], None)])
        else:
            self.show_table(*self._table())

    def _table(self) -> tuple[list[Line], list[Row]]:
        lots, entries, changes = self._found.lots, self._found.entries, self._found.changes
        hidden, zone, width = self.shown.hidden, self.shown.zone, self.size.width - 2
        symbol = "" if self.shown.view is View.ledger else self.shown.symbol
        if self.shown.view is View.allocation and self.shown.held is not None:
            return [], allocation_lines.allocation_rows(self.shown.held, width, hidden)
        if self._found.gains is not None:
            return self._gains(self._found.gains, width)
        if self._found.performance is not None and self.shown.view is View.curves:
            told, height = self._found.performance, self.size.height
            return [], curve_rows(told, width, height, self.shown.rolled, hidden)
        if self._found.performance is not None:
            return [], performance_rows(self._found.performance, width, hidden)
        if self._found.income is not None:
            return [], income_lines.income_rows(self._found.income, width, hidden)
        if self._found.proposals is not None:
            return proposal_lines.proposal_rows(self._found.proposals, width, hidden)
        if self._found.explained is not None:
            return explained_rows(self._found.explained, width, hidden)
        if changes:
            return _tables((change_table(changes, self.stage.zone, width, hidden), changes))
        tables: list[tuple[Table, Sequence[object]]] = []
        if lots:
            base = "" if self.shown.held is None else self.shown.held.currency
            position = self.shown.position
            tables.append((lot_table(lots, position, base, zone, width, hidden), lots))
        if entries:
            table = entry_table(entries, zone, width, hidden, symbols=not symbol)
            tables.append((table, entries))
        if not tables:
            words = "Asking the ledger …" if self._asking else self._nothing()
            return [], [([(words, "muted")], None)]
        return _tables(*tables)

    def _gains(self, found: Gains, width: int) -> tuple[list[Line], list[Row]]:
        hidden, zone = self.shown.hidden, self.shown.zone
        if not found.gains:
            return [], [([(self._nothing(), "muted")], None)]
        newest = sorted(found.gains, key=lambda gain: gain.closed_at, reverse=True)[:MOST]
        head, rows = _tables((year_table(found, zone, width, hidden), ()))
        title, lines = gain_table(newest, found.currency, zone, width, hidden)
        rows += [([], None), (title, None), *zip(lines, newest, strict=True)]
        return head, rows

    def _nothing(self) -> str:
        match self.shown.view:
            case View.changes:
                return "Nothing was done to this ledger yet."
            case View.performance | View.curves:
                return "No entries yet, so nothing was gained or lost."
            case View.gains:
                return "Nothing was closed yet: a sale realises a gain or a loss."
        return f"No entries of {self.shown.symbol}." if self.shown.symbol else NO_ENTRIES

    def _entitle(self) -> None:
        shown = self.shown
        parts: list[str] = [shown.view.value]
        if shown.view is View.explained:
            name, _, symbol = shown.figure.partition(":")
            of = f" of {symbol}" if symbol else ""
            parts = [name.replace("_", " ") + of, shown.view.value]
        if shown.view in (View.lots, View.entries):
            parts = [shown.symbol, shown.view.value] if shown.symbol else ["ledger"]
        if shown.view is View.ledger and shown.portfolio is not None:
            parts.append(shown.name)
        by_rule = shown.rule is not None and shown.view in (View.lots, View.gains, View.explained)
        parts += [f"WHAT-IF {shown.rule.value}"] if by_rule and shown.rule else []
        self.border_title = Content(" · ".join(parts))
        self.border_subtitle = Content(self._keys() if shown.name else "")

    def _keys(self) -> str:
        if self._found.gains is not None:
            return f"{self._found.gains.currency} · no tax report · v next view"
        if self._found.explained is not None:
            return "f1 next figure · v leaves it"
        if self.shown.view is View.curves:
            return "o next rolling figure · b benchmark · v next view"
        if self.shown.view is View.allocation:
            return "shares of net value · v next view"
        if self._found.performance is not None:
            return "b compares with a benchmark · v next view"
        if self._found.income is not None:
            return f"{self._found.income.currency} · ~ is estimated · v next view"
        if self._found.proposals is not None:
            return "enter books · delete dismisses, or takes that back · v next view"
        if self._found.changes:
            return "u undoes the one stood on · v next view"
        if len(self._found.entries) == MOST:
            return f"the newest {MOST} · enter changes · v next view"
        return "enter changes · delete removes · v next view"

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def on_focus(self) -> None:
        """Where there is little room it is one's own."""
        self.shown.tell()

    def on_blur(self) -> None:
        self.shown.tell()

    def stood(self) -> None:
        """Standing on something changes what the keys do, which the lower edge tells."""
        self._entitle()

    @property
    def entry(self) -> Transaction | None:
        """The entry one stands on; on a lot the one that opened it."""
        if isinstance(self.chosen, Lot):
            return next((e for e in self._found.entries if e.id == self.chosen.id), None)
        return super().entry

    @property
    def proposal(self) -> Proposal | None:
        """The proposal one stands on."""
        return self.chosen if isinstance(self.chosen, Proposal) else None

    def action_edit(self) -> None:
        if self.proposal is None:
            super().action_edit()
        else:
            Proposing(self.books).confirm(self.shown, self.proposal)

    def action_remove(self) -> None:
        if self.proposal is None:
            super().action_remove()
        else:
            told = self._found.proposals
            gone = told is not None and self.proposal in told.dismissed
            Proposing(self.books).dismiss(self.shown, self.proposal, restore=gone)

    def receipt(self) -> str:
        hidden, now = self.shown.hidden, self.stage.clock.now()
        here, said = self.chosen, ""
        match here:
            case Transaction():
                said = f"{here.id}: {told(here, self.shown.zone)}"
            case Change():
                said = f"{here.number}: {here.what}"
            case Lot():
                said = f"lot {here.id} of {here.symbol}: {here.quantity} for {here.cost}"
                said += f" {here.currency}"
            case Proposal():
                said = f"{here.id}: {here.what} · {here.source}"
            case Gain():
                said = f"{here.symbol} closed {here.closed_at:%Y-%m-%d}: gain {here.gain}"
        if not said:
            return ""
        return f"{discreet(said, hidden)} · {self.shown.name} · asked {now:%Y-%m-%dT%H:%M:%SZ}"

    def table(self) -> tuple[str, list[Sequence[object]]]:
        found = self._found
        if self.shown.view is View.allocation and self.shown.held is not None:
            return f"{self.shown.name}-allocation", allocation_lines.table_of(self.shown.held)
        if found.performance is not None:
            return f"{self.shown.name}-performance", by_day(found.performance)
        if found.income is not None:
            return f"{self.shown.name}-income", income_lines.table_of(found.income)
        if found.proposals is not None:
            return f"{self.shown.name}-proposals", proposal_lines.table_of(found.proposals)
        kinds: dict[str, Sequence[Any]] = {
            "gains": found.gains.gains if found.gains else (),
            "explained": found.explained.parts if found.explained else (),
            "changes": found.changes,
            "entries": found.entries,
            "lots": found.lots,
        }
        for kind, things in kinds.items():
            if things:
                names = things[0].__struct_fields__
                rows = [[plain(getattr(each, name)) for name in names] for each in things]
                return f"{self.shown.name}-{kind}", [names, *rows]
        return "", []


def _tables(*tables: tuple[Table, Sequence[object]]) -> tuple[list[Line], list[Row]]:
    """The first table's titles on top, the others' between the rows; one stands on the things."""
    head: list[Line] = []
    rows: list[Row] = []
    for (title, lines), things in tables:
        if head:
            rows += [([], None), (title, None)]
        else:
            head.append(title)
        rows += [(line, things[at] if at < len(things) else None) for at, line in enumerate(lines)]
    return head, rows
