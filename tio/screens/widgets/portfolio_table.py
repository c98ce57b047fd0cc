"""What the panes of the portfolio's screen have in common: their keys."""

from typing import Any, ClassVar

from textual.binding import BindingType

from tio.api.ledger import Change
from tio.api.portfolio import Transaction
from tio.screens.actions import bindings
from tio.screens.bookkeeping import Bookkeeping
from tio.screens.shown_portfolio import ShownPortfolio
from tio.screens.widgets.table_lines import TableLines

STAND = "Stand on an entry: tab goes to the ledger, v shows it."


class PortfolioTable(TableLines):
    """A table of a portfolio; each of its panes can do what can be done to the portfolio."""

    scope = "portfolio"
    BINDINGS: ClassVar[list[BindingType]] = bindings("portfolio")

    def __init__(self, shown: ShownPortfolio, books: Bookkeeping, **options: Any) -> None:
        super().__init__(**options)
        self.shown, self.books = shown, books

    @property
    def entry(self) -> Transaction | None:
        """The entry one stands on."""
        return self.chosen if isinstance(self.chosen, Transaction) else None

    def action_open(self) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        if self.entry is not None:
            self.books.edit(self.entry)
        else:
            self.stage.say(STAND)

    def action_remove(self) -> None:
        if self.entry is not None:
            self.books.remove(self.entry)
        else:
            self.stage.say(STAND)

    def action_add(self) -> None:
        self.books.add()

    def action_undo(self) -> None:
        self.books.undo(self.chosen if isinstance(self.chosen, Change) else None)

    def action_new(self) -> None:
        self.books.create()

    def action_bring(self) -> None:
        from tio.screens.importing import bring

        bring(self.shown)

    def action_sell(self) -> None:
        from tio.screens.selling import sell

        sell(self.shown, self.chosen)

    def action_view(self) -> None:
        self.shown.turn_view()

    def action_next_portfolio(self) -> None:
        names = [each.name for each in self.shown.portfolios or ()]
        if len(names) < 2:
            self.stage.say("There is no other portfolio: n makes one.")
        else:
            self.shown.show(names[(names.index(self.shown.name) + 1) % len(names)])
            self.books.began()

    def action_what_if(self) -> None:
        self.shown.turn_rule()
        rule = self.shown.rule
        self.stage.say(f"as if lots were {rule.value}" if rule else "by the portfolio's own rule")

    def action_explain(self) -> None:
        self.shown.explain()

    def action_benchmark(self) -> None:
        self.books.compare()

    def action_rolling(self) -> None:
        self.shown.turn_rolled()

    def action_discreet(self) -> None:
        self.shown.turn_discreet()
        self.stage.say("amounts are hidden; z shows them" if self.shown.hidden else "")
