"""What is done to paper orders and positions from a screen, said when it is done."""

from collections.abc import Callable, Sequence
from typing import Any

from tio.api.contract import Engine, Request
from tio.api.errors import Invalid, TioError
from tio.api.orders import Order, Trail
from tio.api.trading import (
    CancelOrder,
    CancelOrders,
    FlattenPosition,
    ListedOrder,
    ReplaceOrder,
    ReversePosition,
    StopToBreakEven,
)
from tio.draw import orders
from tio.draw.amounts import quantity
from tio.screens.entry_line import number
from tio.screens.following import in_words
from tio.screens.questions import Question, word_completions
from tio.screens.stage import Stage

FIELDS = ("limit", "stop", "quantity", "trail")
NONE_CHOSEN = "No order is chosen."


class OrderActs:
    """Asks the engine; `done` is called after each act."""

    def __init__(self, stage: Stage, done: Callable[[], None]) -> None:
        self._stage = stage
        self._done = done

    def cancel(self, each: ListedOrder | None) -> None:
        if each is None:
            self._stage.say(NONE_CHOSEN, "fall")
        else:
            self._do(CancelOrder(each.order.id))

    def change(self, each: ListedOrder | None) -> None:
        """Ask for another price or quantity."""
        if each is None:
            self._stage.say(NONE_CHOSEN, "fall")
            return
        order = each.order

        def answered(text: str | None) -> None:
            if not text or text.strip() == line_of(order):
                return
            try:
                self._do(change_in(order.id, text))
            except TioError as error:
                self._stage.say(in_words(error), "fall")

        words = f"{order.id} · as limit 188 quantity 5"
        self._stage.push_screen(Question(words, line_of(order), word_completions(FIELDS)), answered)

    def cancel_all(self, portfolio: str) -> None:
        self._confirm(f"Cancel every order of {portfolio}? y or n", CancelOrders(portfolio))

    def flatten(self, portfolio: str, symbol: str) -> None:
        words = f"PAPER: cancel the orders of {symbol} and close it at the market? y or n"
        self._confirm(words, FlattenPosition(portfolio, symbol), symbol)

    def reverse(self, portfolio: str, symbol: str) -> None:
        words = f"PAPER: turn {symbol} round at the market? y or n"
        self._confirm(words, ReversePosition(portfolio, symbol), symbol)

    def break_even(self, portfolio: str, symbol: str) -> None:
        if symbol:
            self._do(StopToBreakEven(portfolio, symbol))

    def _confirm(self, words: str, asked: Request[Any], symbol: str | None = None) -> None:
        if symbol == "":
            self._stage.say("No symbol is chosen.", "fall")
            return

        def answered(text: str | None) -> None:
            if text and text.strip().lower() in ("y", "yes"):
                self._do(asked)

        self._stage.push_screen(Question(words), answered)

    def _do(self, asked: Request[Any]) -> None:
        engine = self._stage.engine
        if engine is None:
            self._stage.say("The engine is not there yet.", "fall")
        else:
            self._stage.background("act", self._ask, engine, asked)

    async def _ask(self, engine: Engine, asked: Request[Any]) -> None:
        try:
            made = await engine.ask(asked)
        except TioError as error:
            self._stage.say(in_words(error), "fall")
        else:
            self._stage.say(_told([made] if isinstance(made, Order) else made), "rise")
        self._done()


def line_of(order: Order) -> str:
    """What of an order can be changed, as it is now."""
    told = [("limit", order.limit), ("quantity", order.quantity)]
    if order.trail is None:
        told.insert(1, ("stop", order.stop))
    words = [f"{name} {quantity(value)}" for name, value in told if value is not None]
    if order.trail is not None:
        words.append(f"trail {orders.trail(order.trail)}")
    return " ".join(words).replace(",", "")


def change_in(id: str, text: str) -> ReplaceOrder:
    """The change a line tells, `limit 188 quantity 5`; Invalid."""
    words = text.split()
    told: dict[str, Any] = {}
    for name, value in zip(words[::2], [*words[1::2], ""], strict=False):
        figure = number(value.removesuffix("%"))
        if name not in FIELDS or figure is None:
            raise Invalid(f"{name} {value} changes nothing", "Write limit 188 quantity 5")
        if name == "trail":
            percent = value.endswith("%")
            told[name] = Trail(percent=figure) if percent else Trail(amount=figure)
        else:
            told[name] = figure
    return ReplaceOrder(id, **told)


def _told(made: Sequence[Order]) -> str:
    if not made:
        return "No order was open."
    first = made[0]
    more = f" and {len(made) - 1} more" if len(made) > 1 else ""
    return f"PAPER {first.id} {orders.said(first)}: {orders.state(first)}{more}"
