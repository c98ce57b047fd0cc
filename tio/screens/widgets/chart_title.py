"""The words in a chart's border: what it is of, from where, how live, on which basis."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tio.api.market import Adjustment, Quote, Timeframe
from tio.screens.stage import Stage
from tio.screens.widgets.liveness import liveness

if TYPE_CHECKING:
    from tio.screens.widgets.bar_history import BarHistory

ADJUSTED = {Adjustment.splits: "split-adjusted", Adjustment.total: "total return"}


class ChartTitle:
    """Makes the title and the subtitle; knows since when a quote has been the newest."""

    def __init__(self, stage: Callable[[], Stage]) -> None:
        self._stage = stage
        self._quoted: tuple[Quote | None, float] = None, 0.0

    def of(
        self,
        held: tuple[str, Timeframe],
        history: "BarHistory | None",
        words: Sequence[str],
        known: int | None,
    ) -> tuple[str, str]:
        """Title and subtitle; `words` are what parts say, `known` ends what may be told (µs)."""
        stage, (symbol, timeframe) = self._stage(), held
        quote = stage.quotes.get(symbol)
        source = (history.source if history else "") or (quote.source if quote else "")
        title, below = [symbol, str(timeframe), source], [source]
        if quote is not None and quote.source and known is None:
            replayed = stage.market.startswith("REPLAY")
            lives = "REPLAY" if replayed else liveness(quote, self._waited(quote))
            title.append(lives if stage.as_of is None else "AS OF")
            if quote.as_of is not None:
                below.append(f"{quote.as_of.astimezone(stage.zone):%Y-%m-%d %H:%M:%S %Z}")
        if history is not None:
            below.append(ADJUSTED.get(history.adjusted, ""))
        return " · ".join(filter(None, (*title, *words))), " · ".join(filter(None, below))

    def _waited(self, quote: Quote) -> float:
        """Seconds since a quote came to this chart."""
        now = self._stage().clock.monotonic()
        if self._quoted[0] is not quote:
            self._quoted = quote, now
        return now - self._quoted[1]
