"""What bench_screen measures: a bare Textual app, the busy Desk, the same on DataTable."""

import asyncio
import gc
import random
import sys
from collections.abc import AsyncIterator
from typing import Any

SYMBOLS, TICKS, EVERY = 500, 2_000, 0.1
NAMES = tuple(f"S{number:04}" for number in range(SYMBOLS))


def bare() -> None:
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Bare(App[None]):
        BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012

        def compose(self) -> ComposeResult:
            yield Static("ready")

    Bare().run()


def changes(prices: dict[str, float]) -> list[str]:
    """The symbols that changed in one window, their prices moved."""
    changed = set(random.choices(NAMES, k=int(TICKS * EVERY)))
    for symbol in changed:
        prices[symbol] *= 1 + random.gauss(0, 0.0004)
    return list(changed)


def desk() -> None:
    from tio.api.contract import Engine
    from tio.app import TioApp

    async def open_engine() -> Engine:
        return BusyEngine()

    gc.disable()  # As `tio` starts; the app enables it again.
    TioApp(open_engine).run()


class BusyEngine:
    """Says quotes as a socket would: encoded here, decoded again, ten times a second."""

    def __init__(self) -> None:
        self.prices = {name: random.uniform(5, 500) for name in NAMES}

    async def ask(self, request: Any, /, *, key: str = "") -> Any:
        from tio.api.errors import NotFound
        from tio.api.market import Instrument, SearchInstruments

        if isinstance(request, SearchInstruments):
            return tuple(Instrument(symbol=name) for name in NAMES[: request.limit])
        raise NotFound(f"no {type(request).__name__} here")

    def watch(self, topic: Any, /, *, after: Any = None) -> Any:
        return _Watch(self, topic)

    async def close(self) -> None:
        pass


class _Watch:
    def __init__(self, engine: BusyEngine, topic: Any) -> None:
        self._prices, self._topic = engine.prices, topic

    async def __aenter__(self) -> AsyncIterator[Any]:
        return self._items()

    async def __aexit__(self, *exc: object) -> None:
        pass

    async def _items(self) -> AsyncIterator[Any]:
        from tio.api.codec import decode, encode
        from tio.api.contract import Item
        from tio.api.market import Bars, Quote
        from tio.api.watchlists import Watchlist

        def quotes(symbols: list[str]) -> bytes:
            return encode(
                tuple(
                    Quote(
                        symbol=s, last=(p := self._prices[s]), bid=p - 0.01, ask=p + 0.01,
                        change=p * 0.01, change_percent=1.0, volume=p * 1e4, currency="USD",
                        source="bench", age=0.05, price_decimals=2,
                    )
                    for s in symbols
                )
            )  # fmt: skip

        match type(self._topic).__name__:
            case "Watchlists":
                yield Item("b", 1, True, (Watchlist("main", NAMES),))
            case "Quotes":
                first = decode(quotes(list(NAMES)), tuple[Quote, ...])
                yield Item("b", 1, True, first)
                sequence = 1
                while True:
                    await asyncio.sleep(EVERY)
                    sequence += 1
                    news = decode(quotes(changes(self._prices)), tuple[Quote, ...])
                    yield Item("b", sequence, False, news)
            case "BarUpdates":
                yield Item("b", 1, True, self._bars(Bars))
                while True:
                    await asyncio.sleep(EVERY)
                    yield Item("b", 2, False, self._bars(Bars))
        await asyncio.Event().wait()

    def _bars(self, kind: Any) -> Any:
        from tio.api.series import Series, Times

        price, count = self._prices[self._topic.symbol], 400
        walk = Series([price * (1 + 0.0001 * (i % 17)) for i in range(count)])
        times = Times([1_790_000_000_000_000 + i * 60_000_000 for i in range(count)])
        return kind(
            symbol=self._topic.symbol, timeframe=self._topic.timeframe, time=times, open=walk,
            high=walk, low=walk, close=walk, volume=walk, source="bench",
        )  # fmt: skip


def table() -> None:
    from textual import on
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable, Static

    class Table(App[None]):
        BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012
        CSS = "#here { height: 1; } DataTable { height: 1fr; }"

        def compose(self) -> ComposeResult:
            yield Static("", id="here", markup=False)
            yield DataTable(cursor_type="row")

        def on_mount(self) -> None:
            self.prices = {name: random.uniform(5, 500) for name in NAMES}
            shown = self.query_one(DataTable)
            for column in ("symbol", "last", "change", "bid", "ask", "volume"):
                shown.add_column(column, key=column, width=12)
            for name in NAMES:
                shown.add_row(name, *self._cells(name), key=name)
            shown.focus()
            self.set_interval(EVERY, self._tick)

        def _cells(self, name: str) -> list[str]:
            price = self.prices[name]
            return [f"{price:,.2f}", "+1.00", f"{price:,.2f}", f"{price:,.2f}", f"{price:,.0f}"]

        def _tick(self) -> None:
            shown = self.query_one(DataTable)
            for name in changes(self.prices):
                columns = ("last", "change", "bid", "ask", "volume")
                for column, text in zip(columns, self._cells(name), strict=True):
                    shown.update_cell(name, column, text)

        @on(DataTable.RowHighlighted)
        def _here(self, event: DataTable.RowHighlighted) -> None:
            self.query_one("#here", Static).update(f"› {event.row_key.value}")

    Table().run()


if __name__ == "__main__":
    {"bare": bare, "desk": desk, "table": table}[sys.argv[1]]()
