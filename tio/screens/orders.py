"""ORDERS: paper orders with how far the market is; keys that cancel, change, close and turn."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.ledger import ListPortfolios
from tio.api.orders import Fill, OrderEvent
from tio.api.portfolio import Portfolio
from tio.api.trading import ListedOrder, ListFills, ListOrders, Orders
from tio.draw import orders
from tio.screens.actions import bindings
from tio.screens.following import follow, in_words
from tio.screens.frame import Frame
from tio.screens.order_acts import OrderActs
from tio.screens.shown_portfolio import name_shown, show_next
from tio.screens.ticket import NO_PORTFOLIO
from tio.screens.widgets.lines import Lines
from tio.screens.widgets.order_lines import one_order, order_lines
from tio.screens.widgets.table_lines import TableLines

EVERY = 2.0
"""Seconds after which distances, ages and reasons are asked for again."""
NONE = "No paper order works. AAPL BUY writes one; o shows those that ended."


class OrderPane(Lines):
    """The order under the cursor in full."""

    scope = "order"
    hang = 10
    BINDINGS: ClassVar[list[BindingType]] = bindings("order")

    def tell(self, each: ListedOrder | None, fills: Sequence[Fill]) -> None:
        if each is None:
            self.border_title = Content("order")
            self.show([])
            return
        self.border_title = Content(f"PAPER · {each.order.id}")
        self.show([*one_order(each, fills, self.stage.zone)])


class OrdersPane(TableLines):
    """The orders of the portfolio shown, newest first, as they are placed, filled and ended."""

    scope = "orders"
    BINDINGS: ClassVar[list[BindingType]] = bindings("orders")

    def __init__(self, below: OrderPane, **options: Any) -> None:
        super().__init__(**options)
        self._below = below
        self._portfolios: Sequence[Portfolio] | None = None
        self._found: tuple[ListedOrder, ...] = ()
        self._fills: tuple[Fill, ...] = ()
        self._ended = False
        self._wrong = ""

    def on_mount(self) -> None:
        self._acts = OrderActs(self.stage, self._again)
        self.set_interval(EVERY, self._again)
        self._tell()

    def start(self, engine: Engine) -> None:
        self.run("orders", self._follow, engine)

    @property
    def portfolio(self) -> str:
        return name_shown(self._portfolios, self.stage)

    @property
    def chosen(self) -> ListedOrder | None:
        """The order under the cursor."""
        found = super().chosen
        return found if isinstance(found, ListedOrder) else None

    async def _follow(self, engine: Engine) -> None:
        try:
            self._portfolios = await engine.ask(ListPortfolios())
        except TioError as error:
            self._fail(in_words(error))
            return
        self._tell()
        if self.portfolio:
            await follow(engine, Orders(self.portfolio), self._heard, self._fail)

    def _heard(self, events: Sequence[OrderEvent], snapshot: bool) -> None:
        self._again()

    def _again(self) -> None:
        engine = self.stage.engine
        if engine is not None and self.portfolio and self.screen.is_active:
            self.run("list", self._ask, engine)

    async def _ask(self, engine: Engine) -> None:
        name, before = self.portfolio, self.chosen
        try:
            found = await engine.ask(ListOrders(name, open=not self._ended))
            fills = await engine.ask(ListFills(name))
        except TioError as error:
            self._fail(in_words(error))
            return
        if name == self.portfolio:
            self._found, self._fills, self._wrong = found, fills, ""
            self._tell(self._place_of(before))

    def _place_of(self, before: ListedOrder | None) -> int | None:
        """Where the same order stands when others came or went."""
        ids = [each.order.id for each in self._found]
        return ids.index(before.order.id) if before and before.order.id in ids else None

    def _fail(self, words: str) -> None:
        self._wrong = words
        self._tell()

    def stood(self) -> None:
        self._tell()

    def _tell(self, at: int | None = None) -> None:
        if self.stage.paint is None or not self.is_mounted:
            return
        title = ["PAPER orders", self.portfolio]
        working = sum(each.order.state.open for each in self._found)
        if self._found:
            title.append(f"{working} working")
        self.border_title = Content(" · ".join(filter(None, title)))
        keys = "x cancel · c change · f flatten · v reverse · b break even"
        self.border_subtitle = Content(keys if self.size.width > 70 else "? keys")
        told = self._instead()
        if told:
            self.show_table([], [([told], None)])
        else:
            head, *lines = order_lines(self._found, self.stage.clock.now(), self.size.width - 2)
            self.show_table([head], list(zip(lines, self._found, strict=True)), at)
        one = self.chosen
        mine = [fill for fill in self._fills if one is not None and fill.order == one.order.id]
        self._below.tell(one, mine)

    def _instead(self) -> tuple[str, str] | None:
        """What is said where there is no order."""
        if self._wrong:
            return self._wrong, "fall"
        if self._portfolios is None:
            return "Waiting for the engine …", "muted"
        if not self.portfolio:
            return NO_PORTFOLIO, "muted"
        return None if self._found else (NONE, "muted")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def action_cancel(self) -> None:
        self._acts.cancel(self.chosen)

    def action_change(self) -> None:
        self._acts.change(self.chosen)

    def action_cancel_all(self) -> None:
        self._acts.cancel_all(self.portfolio)

    def action_flatten(self) -> None:
        self._acts.flatten(self.portfolio, self._symbol)

    def action_reverse(self) -> None:
        self._acts.reverse(self.portfolio, self._symbol)

    def action_break_even(self) -> None:
        self._acts.break_even(self.portfolio, self._symbol)

    def action_ended(self) -> None:
        self._ended = not self._ended
        self._again()

    def action_next_portfolio(self) -> None:
        if show_next(self._portfolios, self.stage):
            self._found, self._fills = (), ()
            self.renew()

    @property
    def _symbol(self) -> str:
        """The symbol of the order stood on, else the current one."""
        return self.chosen.order.symbol if self.chosen is not None else self.stage.symbol

    def receipt(self) -> str:
        each = self.chosen
        if each is None:
            return ""
        order = each.order
        return (
            f"PAPER {order.id} {orders.said(order)} {order.state.value}"
            f" filled {order.filled} as of {self.stage.clock.now():%Y-%m-%dT%H:%M:%SZ}"
        )

    def table(self) -> tuple[str, list[Sequence[object]]]:
        names = ("id", "symbol", "side", "quantity", "type", "limit", "stop", "state", "filled")
        rows: list[Sequence[object]] = [(*names, "why")]
        for each in self._found:
            cells = (getattr(each.order, name) for name in names)
            rows.append((*("" if cell is None else cell for cell in cells), each.why))
        return f"{self.portfolio}-orders", rows


class OrdersScreen(Frame):
    """Paper orders over the screen one comes from."""

    CSS_PATH = "orders.tcss"

    def body(self) -> ComposeResult:
        below = OrderPane()
        yield OrdersPane(below)
        yield below
