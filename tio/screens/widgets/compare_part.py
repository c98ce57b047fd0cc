"""Other symbols on a chart: rebased beside it, or as the ratio to one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from textual.suggester import Suggester

from tio.api.contract import Engine
from tio.api.errors import Invalid, TioError
from tio.api.market import (
    Adjustment,
    Bars,
    BarUpdates,
    GetBars,
    Hours,
    Instrument,
    Timeframe,
)
from tio.screens.following import follow, in_words
from tio.screens.named import named
from tio.screens.widgets.chart_part import ChartPart

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.scale import Floats
    from tio.draw.view import ChartView
    from tio.screens.widgets.bar_history import BarHistory

TAIL, MORE = 600, 2_000
MOST = 4
ASKED = "Compare with: MSFT QQQ, or /MSFT for the ratio; empty ends it"
UNLIKE = {
    Adjustment.raw: "not adjusted",
    Adjustment.splits: "adjusted for splits",
    Adjustment.total: "total return",
}


@dataclass
class Other:
    """The bars of a symbol beside the chart's own; `values` are its closes at those bars."""

    history: "BarHistory | None" = None
    wrong: str = ""
    loading: bool = False
    of: tuple[object, object] = (None, None)
    values: "Floats | None" = field(default=None, repr=False)


class ComparePart(ChartPart):
    """Draws other symbols rebased to the first bar in sight, or the ratio to one as a line."""

    name = "compare"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.symbols: tuple[str, ...] = ()
        self.is_ratio = False
        self._others: dict[str, Other] = {}
        self._currencies: dict[str, str] = {}
        self._followed: tuple[str, Timeframe, str] | None = None
        self._ratio: tuple[object, object, Columns] | None = None
        self._read = ""

    def follow(self, engine: Engine, symbol: str, timeframe: Timeframe) -> None:
        kept = self.chart.stage.recall(self.chart.compare_kept, "")
        if kept != self._read:
            self._read, words = kept, kept.removeprefix("/").split()
            self.symbols = tuple(words[:MOST])
            self.is_ratio = kept.startswith("/") and len(words) == 1
            self._ratio = None
        hours = self.chart.stage.recall("chart.hours", Hours.extended)
        now = (symbol, timeframe, hours)
        if self._followed != now:
            self._followed, self._others = now, {}
        shown = self.shown
        self._others = {each: self._others.get(each, Other()) for each in shown}
        for place in range(MOST):
            group = f"compare {place}"
            self.chart.workers.cancel_group(self.chart, group)
            if place < len(shown):
                topic = BarUpdates(
                    symbol=shown[place], timeframe=timeframe, limit=TAIL, hours=Hours(hours)
                )
                other = self._others[shown[place]]
                take, fail = _taker(self, other), _failer(self, other)
                self.chart.run(group, follow, engine, topic, take, fail)
        if shown:
            self.chart.run("compare currencies", self._learn, engine, (symbol, *shown))

    @property
    def shown(self) -> tuple[str, ...]:
        """The symbols compared with, but for the chart's own."""
        return tuple(each for each in self.symbols if each != self.chart.held[0])

    def act_ask(self) -> None:
        from tio.screens.questions import Question, symbol_completions

        now = self._read
        complete = _AfterSlash(symbol_completions(self.chart.stage))
        self.chart.app.push_screen(Question(ASKED, now, complete), self._answered)

    def _answered(self, text: str | None) -> None:
        engine = self.chart.stage.engine
        if text is not None and engine is not None:
            self.chart.run("compare", self._compare, engine, text)

    async def _compare(self, engine: Engine, text: str) -> None:
        """Compare with what was answered, each symbol spelled as the engine spells it."""
        try:
            words, is_ratio = _asked(text)
            found = [await named(engine, word) for word in words]
        except TioError as error:
            self.chart.stage.say(in_words(error), "fall")
            return
        self._note(found)
        self.show(tuple(dict.fromkeys(each.symbol for each in found)), is_ratio)

    def show(self, symbols: tuple[str, ...], is_ratio: bool = False) -> None:
        """Compare with these from now on; none ends it."""
        self.symbols, self.is_ratio = symbols, is_ratio and len(symbols) == 1
        self._ratio = None
        self._read = ("/" if self.is_ratio else "") + " ".join(self.symbols)
        self.chart.stage.remember(self.chart.compare_kept, self._read)
        engine = self.chart.stage.engine
        if engine is not None and self.chart.held[0]:
            self.follow(engine, *self.chart.held)
        self.chart.told_anew()

    def bars(self, columns: "Columns") -> "Columns":
        other = self._only
        if other is None:
            return columns
        held = other.history.columns if other.history else None
        if self._ratio is None or self._ratio[0] is not columns or self._ratio[1] is not held:
            from tio.draw.aligned import ratio

            self._ratio = (columns, held, ratio(columns, self._values(other, columns)))
        # Until there is a bar of both, the chart's own are better than nothing; the title tells.
        return self._ratio[2] if len(self._ratio[2]) else columns

    @property
    def _only(self) -> Other | None:
        """The other side of the ratio, once its bars are there."""
        shown = self.shown
        other = self._others.get(shown[0]) if self.is_ratio and shown else None
        return other if other is not None and other.history is not None else None

    @property
    def is_shown_as_ratio(self) -> bool:
        """Whether the chart's bars are the ratio by now."""
        history = self.chart.history
        if self._only is None or history is None or not len(history):
            return False
        return bool(len(self.chart.columns)) and self._ratio is not None and len(self._ratio[2]) > 0

    def draw(self, view: "ChartView", columns: "Columns") -> "ChartView":
        from tio.draw.canvas import Pen
        from tio.draw.view import ChartKind, Compared

        first = int(columns.time[view.start]) if view.start < len(columns) else 0
        for symbol, other in self._others.items():
            self._reach(symbol, other, first)
        if self.is_shown_as_ratio:
            area = view.kind is ChartKind.area
            bare = replace(view, overlays=(), clouds=(), marks=(), levels=(), figures=(), panes=())
            return replace(
                bare,
                kind=ChartKind.area if area else ChartKind.line,
                decimals=_decimals(float(columns.close[-1])),
                profile=None,
                volume=False,
            )
        pens = (Pen.blue, Pen.accent, Pen.violet, Pen.text)
        beside = [] if self.is_ratio else [(s, o) for s, o in self._others.items() if o.history]
        compared = tuple(
            Compared(symbol, self._values(other, columns), pen)
            for (symbol, other), pen in zip(beside, pens, strict=False)
        )
        return replace(view, compared=(*view.compared, *compared)) if compared else view

    def _values(self, other: Other, columns: "Columns") -> "Floats":
        """The other's closes at these bars, worked out again only when either changed."""
        from tio.draw.aligned import aligned

        assert other.history is not None
        held = other.history.columns
        if other.values is None or other.of[0] is not columns.time or other.of[1] is not held:
            other.of = (columns.time, held)
            other.values = aligned(columns.time, self.chart.held[1], held)
        return other.values

    def _reach(self, symbol: str, other: Other, first: int) -> None:
        """Ask for older bars of another symbol when the chart shows older ones."""
        history, engine = other.history, self.chart.stage.engine
        if history is None or engine is None or other.loading or history.complete:
            return
        if len(history) and int(history.columns.time[0]) > first:
            other.loading = True
            group = f"compare past {symbol}"
            self.chart.run(group, self._older, engine, symbol, other, history)

    async def _older(
        self, engine: Engine, symbol: str, other: Other, history: "BarHistory"
    ) -> None:

        from tio.api.series import moment

        before = moment(int(history.columns.time[0]))
        hours = Hours(self.chart.stage.recall("chart.hours", Hours.extended))
        request = GetBars(
            symbol=symbol, timeframe=self.chart.held[1], end=before, limit=MORE, hours=hours
        )
        try:
            history.put_before(await engine.ask(request))
        except TioError as error:
            history.complete = True
            self.chart.stage.say(in_words(error), "fall")
        finally:
            other.loading = False
        self.chart.changed()

    def took(self, other: Other, bars: Bars, snapshot: bool) -> None:
        """Bars of another symbol came."""
        from tio.screens.widgets.bar_history import BarHistory

        history = other.history
        if history is None or (snapshot and not history.continued_by(bars)):
            other.history = history = BarHistory()
        history.take(bars)
        other.wrong = ""
        self.chart.told_anew() if snapshot else self.chart.changed()

    def failed(self, other: Other, words: str) -> None:
        """Another symbol cannot be followed."""
        other.wrong = words
        self.chart.stage.say(words, "fall")

    async def _learn(self, engine: Engine, symbols: tuple[str, ...]) -> None:
        """The currencies of what is compared, for the title."""
        for symbol in symbols:
            if symbol not in self._currencies:
                try:
                    self._note([await named(engine, symbol, sources=False)])
                except TioError:
                    self._currencies[symbol] = ""
        self.chart.told_anew()

    def _note(self, found: list[Instrument]) -> None:
        self._currencies.update({each.symbol: each.currency for each in found})

    def kept(self) -> dict[str, object]:
        return {"symbols": list(self.symbols), "ratio": self.is_ratio} if self.symbols else {}

    def restore(self, kept: dict[str, object]) -> None:
        symbols = kept.get("symbols")
        listed = symbols if isinstance(symbols, list) else []
        known = tuple(each for each in listed if isinstance(each, str) and each)[:MOST]
        if (known, kept.get("ratio") is True) != (self.symbols, self.is_ratio):
            self.show(known, kept.get("ratio") is True)

    def called(self, symbol: str) -> str:
        """What the bars shown are of: the symbol, or its ratio to another."""
        return f"{symbol}/{self.symbols[0]} ratio" if self.is_shown_as_ratio else symbol

    def status(self) -> str:
        told = [self._told(symbol, other) for symbol, other in self._others.items()]
        if not told:
            return ""
        if not self.is_ratio:
            return f"vs {', '.join(told)}"
        if self._only is None:
            return f"ratio to {told[0]}: no bars yet"
        if not self.is_shown_as_ratio:
            return f"ratio to {told[0]}: no bar of both"
        return f"÷ {told[0]} ratio of closes"

    def _told(self, symbol: str, other: Other) -> str:
        """A symbol, and what makes it unlike the chart's own: currency, adjustment."""
        own, its = self._currencies.get(self.chart.held[0], ""), self._currencies.get(symbol, "")
        notes = [its] if own and its and own != its else []
        ours = self.chart.history
        if ours is not None and other.history is not None and len(other.history):
            unlike = other.history.adjusted != ours.adjusted
            notes += [UNLIKE[other.history.adjusted]] if unlike else []
        return f"{symbol} ({', '.join(notes)})" if notes else symbol


class _AfterSlash(Suggester):
    """Completes a symbol also right after the slash of a ratio."""

    def __init__(self, symbols: Suggester) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._symbols = symbols

    async def get_suggestion(self, value: str) -> str | None:
        slash = "/" if value.startswith("/") else ""
        found = await self._symbols.get_suggestion(value.removeprefix("/"))
        return slash + found if found else None


def _asked(text: str) -> tuple[list[str], bool]:
    """The symbols of an answer and whether it asks for a ratio; Invalid."""
    text = text.strip()
    words = text.removeprefix("/").replace(",", " ").upper().split()
    if text.startswith("/") and len(words) != 1:
        raise Invalid(f"a ratio takes one symbol, were {len(words)}", "As in /MSFT.")
    if any(word.startswith("/") for word in words):
        raise Invalid("a ratio stands alone", "As in /MSFT.")
    if len(words) > MOST:
        raise Invalid(f"at most {MOST} symbols are compared, were {len(words)}")
    return words, text.startswith("/")


def _decimals(value: float) -> int:
    """Decimals that show a ratio to five figures."""
    whole = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    zeros = 0
    while whole == 0 and value and zeros < 6 and abs(value) < 10 ** -(zeros + 1):
        zeros += 1
    return max(5 - whole + zeros, 2)


def _taker(part: ComparePart, other: Other) -> Callable[[Bars, bool], None]:
    return lambda bars, snapshot: part.took(other, bars, snapshot)


def _failer(part: ComparePart, other: Other) -> Callable[[str], None]:
    return lambda words: part.failed(other, words)
