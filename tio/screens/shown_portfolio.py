"""Which portfolio is shown and how: what the panes of the portfolio's screen share."""

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from enum import StrEnum

from tio.api.contract import Engine
from tio.api.ledger import ListPortfolios
from tio.api.portfolio import Holdings, LotRule, Portfolio, Position
from tio.draw.zones import zone_of
from tio.screens.stage import Stage

SHOWN, DISCREET = "portfolio.shown", "portfolio.discreet"
"""Settings: the name of the one shown, and whether amounts are hidden (`on`)."""
BENCHMARK = "portfolio.benchmark"
"""Setting: the symbol performance is compared with, "" for none."""
RULES = (None, LotRule.fifo, LotRule.lifo, LotRule.hifo, LotRule.average)


class View(StrEnum):
    """What the pane below the positions shows."""

    lots = "lots and entries"
    entries = "entries"
    ledger = "ledger"
    changes = "changes"
    gains = "realised gains"
    performance = "performance"
    curves = "curves"
    allocation = "allocation"
    income = "income"
    proposals = "proposals"
    explained = "where it comes from"


OF_ONE = ("value", "unrealised", "day_change", "realised", "income", "cost")
OF_ALL = (
    *("nav", "unrealised", "day_change", "realised", "income", "fees", "taxes"),
    *("currency_result", "flows", "carried"),
)
"""Figures that open into their parts, of the position stood on and of the whole."""


def shown_among(portfolios: Sequence[Portfolio], stage: Stage) -> Portfolio | None:
    """The one shown last, else main, else the first; None where there is none."""
    by_name = {each.name: each for each in portfolios}
    first = next(iter(portfolios), None)
    return by_name.get(stage.recall(SHOWN, ""), by_name.get("main", first))


def name_shown(portfolios: Sequence[Portfolio] | None, stage: Stage) -> str:
    """The name of the one shown, "" where there is none."""
    found = shown_among(portfolios or (), stage)
    return "" if found is None else found.name


def show_next(portfolios: Sequence[Portfolio] | None, stage: Stage) -> bool:
    """Show the next portfolio from here on; whether there is another."""
    names = [each.name for each in portfolios or ()]
    if len(names) < 2:
        return False
    at = names.index(name_shown(portfolios, stage))
    stage.remember(SHOWN, names[(at + 1) % len(names)])
    return True


class ShownPortfolio:
    """Tells those who `heed` it when something of it changed.

    `portfolios` is None until the engine told them; `version` counts what happened to the ledger.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.portfolios: Sequence[Portfolio] | None = None
        self.held: Holdings | None = None
        self.symbol = ""
        self.rule: LotRule | None = None
        self.view = View.lots
        self.version = 0
        self.rolled = 0
        """Which of the rolling figures is drawn."""
        self.proposed = 0
        """How many events of the market's side the ledger lacks, as last told."""
        self._figure = 0
        self._heeding: list[Callable[[], None]] = []

    def heed(self, changed: Callable[[], None]) -> None:
        """Have `changed` called after each change."""
        self._heeding.append(changed)

    def tell(self) -> None:
        """Have it drawn anew everywhere."""
        for changed in self._heeding:
            changed()

    @property
    def portfolio(self) -> Portfolio | None:
        return shown_among(self.portfolios or (), self.stage)

    @property
    def name(self) -> str:
        return self.portfolio.name if self.portfolio is not None else ""

    @property
    def hidden(self) -> bool:
        return self.stage.recall(DISCREET, "off") == "on"

    @property
    def benchmark(self) -> str:
        return self.stage.recall(BENCHMARK, "")

    @property
    def zone(self) -> tzinfo:
        """The zone whose days the portfolio counts."""
        return UTC if self.portfolio is None else zone_of(self.portfolio.zone)

    @property
    def position(self) -> Position | None:
        """The position of the symbol stood on."""
        positions = self.held.positions if self.held is not None else ()
        return next((each for each in positions if each.symbol == self.symbol), None)

    async def ask(self, engine: Engine) -> Portfolio | None:
        """Ask which portfolios there are; the one shown. TioError."""
        self.portfolios = await engine.ask(ListPortfolios())
        self.tell()
        return self.portfolio

    def take(self, held: Holdings) -> None:
        """What it holds and is worth now."""
        if self.held is None or _booked(self.held) != _booked(held):
            self.version += 1
        self.held = held
        self.tell()

    def booked(self) -> None:
        """The ledger was written to from here."""
        self.version += 1
        self.tell()

    def show(self, name: str) -> None:
        """Show another portfolio."""
        self.stage.remember(SHOWN, name)
        self.held, self.rule, self.proposed = None, None, 0
        self.tell()

    def stand_on(self, symbol: str) -> None:
        """The cursor stands on another symbol."""
        if symbol != self.symbol:
            self.symbol = symbol
            self.tell()

    def compare(self, symbol: str) -> None:
        """Compare performance with another symbol, "" with none, and show it."""
        self.stage.remember(BENCHMARK, symbol)
        self.view = View.performance
        self.tell()

    @property
    def figure(self) -> str:
        """The figure that is opened, as `unrealised:AAPL` or `nav`."""
        own = tuple(f"{name}:{self.symbol}" for name in OF_ONE if self.symbol)
        figures = (*own, *OF_ALL)
        return figures[self._figure % len(figures)]

    def explain(self) -> None:
        """Open a figure; one that is open gives way to the next."""
        self._figure = self._figure + 1 if self.view is View.explained else 0
        self.view = View.explained
        self.tell()

    def turn_view(self) -> None:
        # What a key of its own opens is left by the next view, and not come upon.
        views = [view for view in View if view is not View.explained]
        at = views.index(self.view) + 1 if self.view in views else 0
        self.view = views[at % len(views)]
        self.tell()

    def turn_rule(self) -> None:
        """Lots as if by the next rule, then again by the portfolio's own."""
        own = self.portfolio.lots if self.portfolio is not None else None
        rules = [rule for rule in RULES if rule != own]
        self.rule = rules[(rules.index(self.rule) + 1) % len(rules)]
        self.tell()

    def turn_rolled(self) -> None:
        """Draw the next rolling figure."""
        self.rolled, self.view = self.rolled + (self.view is View.curves), View.curves
        self.tell()

    def turn_discreet(self) -> None:
        self.stage.remember(DISCREET, "off" if self.hidden else "on")
        self.tell()


def _booked(held: Holdings) -> tuple[object, ...]:
    """What of a worth changes with the ledger alone."""
    positions = tuple((p.symbol, p.quantity, p.base_cost, p.lots) for p in held.positions)
    cash = tuple((each.currency, each.amount) for each in held.cash)
    return held.portfolio, positions, cash, held.realised, held.income, held.fees, held.taxes
