"""The word at the top right: LIVE, SIM, REPLAY; and the symbol shared with other terminals."""

from collections.abc import Sequence

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.files import ReplayReport, Replays
from tio.api.market import AssetClass
from tio.api.sources import ListSources, SourceReport, SourceState, SourceStates
from tio.api.system import FollowLink, Link, Links
from tio.screens.following import follow, in_words
from tio.screens.stage import Stage


class MarketState:
    """Watches for the app's whole life what concerns every screen."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._sources: dict[str, SourceReport] = {}
        self._replay: ReplayReport | None = None
        self._told = ""

    def start(self, engine: Engine) -> None:
        stage = self._stage
        take = self._take_sources
        stage.background("sources", follow, engine, SourceStates(), take, self._wrong)
        stage.background("list sources", self._list, engine)
        if not stage.workspace.startswith(("main", "demo")):
            take_replay = self._take_replay
            stage.background("replays", follow, engine, Replays(), take_replay, lambda words: None)
        if stage.link:
            stage.background("links", follow, engine, Links(), self._take_links, self._wrong)
            stage.watch(stage, "symbol", self._symbol_changed, init=True)
        stage.set_interval(1.0, self._tell)
        self._tell()

    async def _list(self, engine: Engine) -> None:
        try:
            reports = await engine.ask(ListSources())
        except TioError as error:
            self._wrong(in_words(error))
        else:
            self._take_sources(reports, True)

    def _take_sources(self, reports: Sequence[SourceReport], snapshot: bool) -> None:
        self._sources.update({report.name: report for report in reports})
        self._tell()

    def _take_replay(self, report: ReplayReport, snapshot: bool) -> None:
        self._replay = report
        self._tell()

    def _wrong(self, words: str) -> None:
        self._stage.say(words, "fall")

    def _tell(self) -> None:
        self._stage.market = self._word()
        self._stage.trouble = self._trouble()

    def _trouble(self) -> str:
        """The worst that ails a source which matters to what is shown: who, why, when again."""
        stage = self._stage
        quotes = [stage.quotes[symbol] for symbol in stage.symbols if symbol in stage.quotes]
        classes = {quote.asset_class for quote in quotes}
        serving = {quote.source for quote in quotes}
        if len(quotes) < len(stage.symbols):
            classes = set(AssetClass)  # one without a quote may be of any kind
        failed = [
            report
            for report in self._sources.values()
            if report.state is SourceState.failed
            and (report.symbols or not report.assets or classes & set(report.assets))
        ]
        if not failed:
            return ""
        worst = max(failed, key=lambda each: (each.name in serving, each.symbols))
        more = f" (and {len(failed) - 1} more: FEED)" if len(failed) > 1 else ""
        reason = worst.reason or worst.last_error or "no reason given"
        again = worst.next_try_at
        then = f", next {again.astimezone(stage.zone):%H:%M:%S}" if again else ""
        return f"{worst.name} failed: {reason}{then}{more}"

    def _word(self) -> str:
        stage, replay = self._stage, self._replay
        if stage.workspace.startswith("demo"):
            return "SIM"
        if replay is not None and replay.path:
            speed = f"{replay.speed:g}×" if replay.speed else "max"
            at = f" {replay.at.astimezone(stage.zone):%Y-%m-%d %H:%M:%S}" if replay.at else ""
            return f"REPLAY {'ended' if replay.done else speed}{at}"
        states = [report.state for report in self._sources.values()]
        if SourceState.live in states:
            quote = stage.quotes.get(stage.symbol)
            fresh = quote is not None and quote.age is not None and quote.age < 1
            return f"LIVE {quote.age * 1000:.0f} ms" if fresh and quote and quote.age else "LIVE"
        if SourceState.connecting in states:
            return "connecting"
        if SourceState.failed in states:
            return "no source answers"
        if self._offline():
            return "OFFLINE"
        return "REPLAY" if stage.workspace.startswith("replay") else "no live source"

    def _offline(self) -> bool:
        """Whether the network is barred: every source is off, for that reason or another."""
        reports = self._sources.values()
        off = all(report.state is SourceState.off for report in reports)
        return off and any(report.reason.startswith("offline") for report in reports)

    def _take_links(self, links: Sequence[Link], snapshot: bool) -> None:
        for link in links:
            if link.group == self._stage.link and link.symbol:
                self._told = link.symbol
                self._stage.symbol = link.symbol

    def _symbol_changed(self, symbol: str) -> None:
        """Another symbol was chosen here: the group shall follow."""
        if symbol and symbol != self._told:
            self._told = symbol
            self._stage.background("publish", self._publish, symbol)

    async def _publish(self, symbol: str) -> None:
        engine, group = self._stage.engine, self._stage.link
        if engine is not None and group:
            try:
                await engine.ask(FollowLink(group=group, symbol=symbol))
            except TioError as error:
                self._wrong(in_words(error))
