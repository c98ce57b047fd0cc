"""What CORR compares and how, remembered: symbols of what, the method, so many returns of which."""

from collections.abc import Mapping, Sequence

from tio.api.contract import Engine
from tio.api.errors import Invalid
from tio.api.ledger import GetPositions, ListPortfolios
from tio.api.market import Timeframe
from tio.api.portfolio import Portfolio
from tio.api.risk import CorrelationMethod, GetCorrelation
from tio.api.watchlists import ListWatchlists
from tio.screens.shown_portfolio import shown_among
from tio.screens.stage import Stage

MOST = 100
CHOICES: Mapping[str, Sequence[str]] = {
    "of": ("watchlist", "portfolio"),
    "method": tuple(CorrelationMethod),
    "window": ("60", "120", "250", "500", "1000"),
    "timeframe": ("15m", "1h", "4h", "1d", "1w"),
}
USUAL = {"of": "watchlist", "method": "pearson", "window": "250", "timeframe": "1d"}
ENDS = frozenset({"timeframe"})
"""What has a first and a last, where the others begin again."""


class Compared:
    """One choice of each kind; `turn` takes the next."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    @property
    def of(self) -> str:
        return self._now("of")

    @property
    def method(self) -> CorrelationMethod:
        return CorrelationMethod(self._now("method"))

    @property
    def window(self) -> int:
        return int(self._now("window"))

    @property
    def timeframe(self) -> Timeframe:
        return Timeframe(self._now("timeframe"))

    def turn(self, name: str, by: int) -> None:
        """Take another choice of a kind, so many further on."""
        choices = CHOICES[name]
        at = choices.index(self._now(name)) + by
        if name not in ENDS or 0 <= at < len(choices):
            self._stage.remember(f"correlation.{name}", str(choices[at % len(choices)]))

    async def asked(self, engine: Engine) -> GetCorrelation:
        """What is to be asked for; Invalid where there are fewer than two symbols."""
        found = await (self._held(engine) if self.of == "portfolio" else self._listed(engine))
        symbols = tuple(dict.fromkeys(found))[:MOST]
        if len(symbols) < 2:
            other = "watchlist" if self.of == "portfolio" else "portfolio"
            raise Invalid(
                f"the {self.of} has fewer than two symbols", f"u shows those of the {other}"
            )
        return GetCorrelation(symbols, self.timeframe, self.window, self.method)

    async def _held(self, engine: Engine) -> list[str]:
        portfolios: tuple[Portfolio, ...] = await engine.ask(ListPortfolios())
        portfolio = shown_among(portfolios, self._stage)
        if portfolio is None:
            raise Invalid("there is no portfolio yet", "u shows the watchlist's symbols")
        held = await engine.ask(GetPositions(portfolio.name))
        return [each.symbol for each in held.positions]

    async def _listed(self, engine: Engine) -> list[str]:
        """Of the list shown, else of all there are."""
        if self._stage.symbols:
            return list(self._stage.symbols)
        lists = await engine.ask(ListWatchlists())
        return [symbol for each in lists for symbol in each.symbols]

    def _now(self, name: str) -> str:
        """What is remembered, while it is a choice."""
        kept = self._stage.recall(f"correlation.{name}", USUAL[name])
        return kept if kept in CHOICES[name] else USUAL[name]
