"""The live sources of a workspace put together; nothing of them is imported before it is needed."""

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from tio.api.sources import SourceReport
from tio.config import Config
from tio.engine.feeds.live.catalogue import CATALOGUE, LIVE, Known, module_of
from tio.engine.feeds.live.shelf import LiveShelf
from tio.engine.jobs import JobDesk
from tio.engine.keys.vault import Vault
from tio.engine.market.backfill import Backfill
from tio.engine.market.companies import Companies
from tio.engine.market.cross_check import CrossCheck
from tio.engine.market.history_desk import HistoryDesk
from tio.engine.market.live import LiveSources
from tio.engine.market.routing import Router
from tio.engine.market.service import MarketService
from tio.engine.market.source_desk import SourceDesk
from tio.engine.sources import DEMO
from tio.engine.store.asked import AskedRanges
from tio.engine.store.companies import CompanyStore
from tio.engine.store.database import Database
from tio.engine.store.listings import ListingStore
from tio.engine.store.partly import PartlyHeard
from tio.engine.system.settings_file import SettingsFile
from tio.paths import WorkspacePaths
from tio.plugin import Clock, Source

if TYPE_CHECKING:
    from tio.engine.feeds.http import Web

OFFLINE = "TIO_OFFLINE"
"""With this in the environment nothing is asked of any network."""


def is_real(workspace: str) -> bool:
    """Whether a workspace shows real prices, beside which no simulated or replayed ones stand."""
    return workspace != DEMO and not workspace.startswith("replay")


def offline(config: Config, environ: Mapping[str, str] = os.environ) -> str:
    """Why no network may be asked; "" when it may."""
    if environ.get(OFFLINE):
        return f"offline ({OFFLINE} is set)"
    return "offline (network.offline in config.toml)" if config.network.offline else ""


def go_live(
    place: WorkspacePaths,
    config: Config,
    clock: Clock,
    market: MarketService,
    jobs: JobDesk,
    settings: SettingsFile,
    vault: Vault,
    tio: Database,
    history: Database,
) -> tuple[SourceDesk, Companies, HistoryDesk]:
    """What live sources give the engine; desks without any where the workspace is not live."""
    opener = _Opener(config, clock, vault, history)
    catalogue: Mapping[str, Known] = CATALOGUE if is_real(place.name) else {}
    shelf = LiveShelf(
        clock,
        opener.open,
        opener.enabled,
        vault.secret,
        ListingStore(history),
        catalogue,
        offline(config),
    )
    router = Router(
        clock, market.feeds, market.demand, shelf, market.instrument, LIVE, market.market.heard
    )
    live = LiveSources(shelf, router, market.feeds, market.market)
    live.more = opener.with_web
    live.try_now = opener.try_now
    asked = AskedRanges(history)
    backfill = None
    if catalogue:
        market.go_live(live)
        if market.store is not None:
            backfill = Backfill(clock, market.store, asked, live.past)
            market.complete_from(backfill, PartlyHeard(history))
    companies = Companies(
        clock,
        CompanyStore(history),
        market.symbol,
        market.instrument,
        market.quote,
        live.eventful,
        live.profiling,
    )
    market.events = companies.events
    check = CrossCheck(clock, market.market, router, shelf)
    desk = SourceDesk(live, market.feeds, market.naming, vault, tio, clock, check, opener.close)

    def configure(config: Config) -> None:
        shelf.barred = offline(config)
        desk.begin_anew(opener.take(config, catalogue))

    settings.applies("sources", configure)
    settings.applies("network.offline", configure)
    settings.applies("history", _read_when_needed)
    past = HistoryDesk(
        clock,
        jobs,
        history,
        market.store,
        backfill,
        asked,
        market.symbol,
        market.history.rules,
        market.learn_stored,
        lambda: settings.config.history,
    )
    return desk, companies, past


def _read_when_needed(config: Config) -> None:
    """Nothing is to be done now: the settings are looked at where they are used."""


class _Opener:
    """Makes a source, and with the first one the web they all share."""

    def __init__(self, config: Config, clock: Clock, vault: Vault, history: Database) -> None:
        self._config = config
        self._clock = clock
        self._vault = vault
        self._history = history
        self._shared: Web | None = None

    def enabled(self, name: str) -> bool | None:
        """What config.toml says of a source; None when nothing."""
        sources = self._config.sources
        return sources[name].enabled if name in sources else None

    def take(self, config: Config, names: Iterable[str]) -> list[str]:
        """Another config.toml: which of the sources it concerns."""
        before, self._config = self._config, config
        if before.network != config.network:
            return list(names)
        return [name for name in names if before.sources.get(name) != config.sources.get(name)]

    def open(self, name: str) -> Source:
        from tio.engine.feeds.live.reach import Reach

        source: Source = module_of(name).open_source(
            Reach(
                self._web(),
                self._clock,
                self._config.source(name),
                lambda field: self._vault.secret(name, field),
            )
        )
        return source

    def _web(self) -> "Web":
        if self._shared is None:
            from tio.engine.feeds.http import Web
            from tio.engine.store.counters import CounterStore

            network = self._config.network
            self._shared = Web(
                self._clock, proxy=network.proxy, counters=CounterStore(self._history)
            )
        return self._shared

    def with_web(self, report: SourceReport) -> SourceReport:
        """A report with what the web knows of its source, once there is a web."""
        if self._shared is None:
            return report
        from tio.engine.feeds.live.web_report import with_web

        return with_web(report, self._shared.states())

    def try_now(self, source: str) -> None:
        """Have what rests of a source be tried, once there is a web."""
        if self._shared is not None:
            self._shared.try_now(source)

    async def close(self) -> None:
        """End every call and connection."""
        if self._shared is not None:
            await self._shared.close()
