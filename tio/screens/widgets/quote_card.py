"""The current symbol's quote at a glance: bid, ask, the day's range, where it comes from."""

from textual.content import Content
from textual.strip import Strip

from tio.api.market import Quote
from tio.draw.table import arrow, fit, price, signed, signed_percent, volume
from tio.screens.widgets.pane import Pane, strip
from tio.screens.widgets.quote_columns import (
    covered,
    decimals_of,
    delayed,
    mark,
    since,
    tone,
    unknown,
)

RATE = 5.0
Part = tuple[str, str]


class QuoteCard(Pane, can_focus=False):
    """Six lines under the watchlist, drawn again when the quote is another one."""

    def on_mount(self) -> None:
        self._shown: Quote | None = None
        self._lines: list[list[Part]] = []
        self.border_title = Content("quote")
        self.set_interval(1 / RATE, self._look)
        self.watch(self.app, "symbol", self._look, init=False)

    def _look(self) -> None:
        quote = self.stage.quotes.get(self.stage.symbol)
        if quote is self._shown or not self.is_on_screen:
            return
        self._shown = quote
        known = quote is not None and not unknown(quote)
        self._lines = lines(quote, self.size.width - 2) if quote and known else []
        name = quote.name if quote else ""
        words = [self.stage.symbol or "quote", *([name] if name != self.stage.symbol else [])]
        self.border_title = Content(fit(" · ".join(w for w in words if w), 40).rstrip())
        self.border_subtitle = Content("")
        if quote is not None and known:
            told = (
                mark(quote, quote.age)[0] if quote.stale else "",
                quote.source,
                delayed(quote),
                covered(quote),
                str(quote.session),
            )
            self.border_subtitle = Content(" · ".join(t for t in told if t).replace("_", " "))
        self.refresh()

    def on_resize(self) -> None:
        self._shown = None
        self._look()

    def render_line(self, y: int) -> Strip:
        if self.stage.paint is None:
            return Strip.blank(self.size.width)
        style = self.paint.style
        parts = [(" ", style())]
        if y < len(self._lines):
            parts += [(text, style(ink)) for text, ink in self._lines[y]]
        elif not self._lines and y == 0:
            parts.append(("no source has a quote", style("muted")))
        return strip(parts).adjust_cell_length(self.size.width, style())


def lines(quote: Quote, width: int) -> list[list[Part]]:
    """What stands in the card."""
    decimals = decimals_of(quote)
    change = tone(quote.change_percent)

    def figure(value: float | None) -> str:
        return price(value, decimals)

    half = max(width // 2, 16)
    spread = basis = None
    if quote.bid is not None and quote.ask is not None:
        spread = quote.ask - quote.bid
        basis = spread / quote.ask * 1e4 if quote.ask else None
    told: list[list[Part]] = [
        [
            (f"{figure(quote.last)} {quote.currency}  ", "text"),
            (f"{arrow(quote.change)} {signed(quote.change, decimals)}  ", change),
            (signed_percent(quote.change_percent), change),
        ],
        [(fit(quote.note, width), "accent") if quote.note else _since(quote, width)],
        _pair("bid", _sized(figure(quote.bid), quote.bid_size, half - 8), "ask", half)
        + [(_sized(figure(quote.ask), quote.ask_size, width - half - 9), "text")],
        _pair("spread", figure(spread), "of price", half)
        + [(f"{basis:.1f} bp" if basis is not None else "·", "text")],
        _pair("open", figure(quote.open), "volume", half) + [(volume(quote.volume), "text")],
    ]
    return [*told, _range(quote, decimals, width)]


def _since(quote: Quote, width: int) -> Part:
    return fit(f"since {since(quote)}", width), "muted"


def _pair(name: str, value: str, other: str, half: int) -> list[Part]:
    return [(fit(name, 7), "muted"), (fit(value, half - 7), "text"), (fit(other, 9), "muted")]


def _sized(figure: str, size: float | None, width: int) -> str:
    """A price and the size there, or the price alone where both have no room."""
    both = figure if size is None else f"{figure} × {volume(size)}"
    return both if len(both) <= width else figure


def _range(quote: Quote, decimals: int, width: int) -> list[Part]:
    """Low to high with a mark where the last price stands."""
    low, high, last = quote.low, quote.high, quote.last
    if low is None or high is None or last is None or high <= low:
        return [(fit("range", 7), "muted"), ("·", "muted")]
    left, right = price(low, decimals), price(high, decimals)
    room = max(width - 7 - len(left) - len(right) - 2, 4)
    at = min(max(round((last - low) / (high - low) * (room - 1)), 0), room - 1)
    return [
        (fit("range", 7), "muted"),
        (left + " ", "text"),
        ("─" * at, "quiet"),
        ("●", tone(quote.change_percent)),
        ("─" * (room - 1 - at), "quiet"),
        (" " + right, "text"),
    ]
