"""The engine in this process: routes words to services and owns their lifetimes."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

from tio.api.access import OWNER, Principal
from tio.api.contract import Engine, Request, Topic
from tio.api.errors import TioError
from tio.api.ledger import GetPositions
from tio.api.trading import ListOrders
from tio.config import Config
from tio.engine.analyst.chats.service import ChatService
from tio.engine.analyst.exam.service import ExamDesk
from tio.engine.analyst.models.desk import ModelDesk
from tio.engine.analyst.rules.service import RulesAnalyst
from tio.engine.analyst.schedules.desk import ScheduleDesk
from tio.engine.analyst.views.desk import ViewDesk
from tio.engine.as_of.desk import AsOfDesk
from tio.engine.bus import Bus
from tio.engine.charts.desks import chart_desks
from tio.engine.clock import RealClock, WorkspaceClock
from tio.engine.going_live import go_live, offline
from tio.engine.hours.service import HoursService
from tio.engine.ideas.service import IdeaService
from tio.engine.indicators.service import IndicatorService
from tio.engine.jobs import JobDesk
from tio.engine.journal.service import JournalService
from tio.engine.keepsakes import Keepsakes
from tio.engine.keys.vault import Vault
from tio.engine.market.service import MarketService
from tio.engine.orders.service import OrderService
from tio.engine.playback.recordings import RecordingDesk
from tio.engine.playback.replays import ReplayDesk
from tio.engine.playback.stills import Stills
from tio.engine.plugins.pins import PluginPins
from tio.engine.plugins.service import PluginService
from tio.engine.portfolio import rates
from tio.engine.portfolio.service import PortfolioService
from tio.engine.quality.service import QualityService
from tio.engine.risk.service import RiskService
from tio.engine.service import Answer, Service, Stream
from tio.engine.session import Session
from tio.engine.sources import DEMO, live_sources
from tio.engine.store import market_schema, tio_schema
from tio.engine.store.bars import BarStore
from tio.engine.store.companies import CompanyStore
from tio.engine.store.database import Database, Durability
from tio.engine.system.backing_up import BackupDesk
from tio.engine.system.links import LinkGroups
from tio.engine.system.logbook import Logbook
from tio.engine.system.settings_file import SettingsFile
from tio.engine.system.vitals import Vitals
from tio.paths import Paths, WorkspacePaths
from tio.plugin import Clock

log = logging.getLogger(__name__)


class LocalEngine:
    """One workspace's engine. `session` gives what a principal may use; an `Access`.

    `pulse`: seconds between two tellings of what changed, else as configured.
    """

    def __init__(
        self,
        place: WorkspacePaths,
        config: Config,
        *,
        wall: Clock | None = None,
        pulse: float | None = None,
    ) -> None:
        self.place = place
        self._wall = wall or RealClock()
        self._clock = WorkspaceClock(self._wall)
        self._bus = Bus(self._wall, pulse or config.engine.conflation_ms / 1_000)
        self._tio = Database(place.tio_db, Durability.full, tio_schema.STEPS, on_lost=_lost)
        self._history = Database(
            place.market_db, Durability.normal, market_schema.STEPS, on_lost=_lost
        )
        self._config = config
        self._stack = AsyncExitStack()
        self._answers: dict[type[Request[Any]], Answer] = {}
        self._streams: dict[type[Topic[Any]], Stream] = {}
        self._vitals: Vitals | None = None

    async def start(self) -> None:
        """Open the store and start every service; on an error whatever had started is closed."""
        async with AsyncExitStack() as starting:
            self.place.make_folders()
            for database in (self._tio, self._history):
                await database.open()
                starting.push_async_callback(database.close)
                if database.notice:
                    log.warning("%s", database.notice)
            for service in await self._services():
                await service.start()
                starting.push_async_callback(service.close)
                self._answers.update(service.answers())
                self._streams.update(service.streams())
            self._bus.start()
            starting.push_async_callback(self._bus.close)
            self._stack = starting.pop_all()
        log.info("the engine of workspace %s is ready", self.place.name)

    def session(self, principal: Principal = OWNER) -> Engine:
        """The engine as this principal may use it."""
        return Session(principal, self._answers, self._streams)

    async def close(self) -> None:
        """End every service in the reverse order of its start, then the store."""
        await self._stack.aclose()

    def attend(self, *, census: Callable[[], int], on_shutdown: Callable[[bool], None]) -> None:
        """Let whoever serves this engine say how many clients there are and how to end it."""
        if self._vitals is not None:
            self._vitals.census, self._vitals.on_shutdown = census, on_shutdown

    async def _services(self) -> Sequence[Service]:
        settings = SettingsFile(Paths.find().config_file, self._config, self._wall)
        vault = Vault(self.place.folder.parent / "keys.json")
        pins = PluginPins(self._tio, self._wall)
        shelf = await pins.shelf(self._config.plugins)
        sources = live_sources(self.place.name, self._config, self._clock, shelf)
        jobs = JobDesk(self._wall, self._bus, self._tio)
        # The simulator's past is a function of its seed: bars kept from a run of another seed, or
        # with gaps between runs, would contradict it.
        simulated = self.place.name == DEMO
        store = None if simulated else BarStore(self._history, _damaged)
        market = MarketService(self._clock, self._bus, store, sources)
        self._vitals = Vitals(
            self.place.name,
            self._clock,
            lambda: (len(market.market.board.lines), market.market.ticks),
            (self._tio, self._history),
            lambda: settings.notice,
        )
        stills = Stills(self._tio, self._clock, self._wall, market)
        replays = ReplayDesk(
            self.place.name, self._clock, self._wall, self._bus, market, jobs, stills
        )
        quality = QualityService(
            self._clock,
            self._history,
            store,
            market.market,
            market.symbol,
            market.history.rules,
            market.keeper.settle,
        )
        market.repaired = quality.marked
        portfolios = PortfolioService(
            self._tio,
            self._wall,
            self._clock,
            self._bus,
            market,
            sampled=simulated and self._config.demo.portfolio,
        )
        risk = RiskService(
            self._tio,
            self._wall,
            self._clock,
            market,
            portfolios.answers()[GetPositions],
            CompanyStore(self._history).profile,
            rates.pairs,
        )
        orders = OrderService(
            self._tio,
            self._wall,
            self._clock,
            self._bus,
            market,
            portfolios,
            portfolios.answers()[GetPositions],
            risk.limits,
            self._config.paper,
            self._answers.get,
        )
        risk.orders = orders.answers()[ListOrders]
        ideas = IdeaService(
            self._tio,
            self._wall,
            self._clock,
            market,
            portfolios.shelf,
            orders.answers(),
        )
        models = ModelDesk(self._config, self._wall, self._bus, self._tio, vault, offline)
        views = ViewDesk(self._tio, self._clock, market)
        past = AsOfDesk(self._clock, self._answers)
        for setting in ("analyst", "network.offline"):
            settings.applies(setting, models.configure)
        return (
            Logbook(self._bus),
            Keepsakes(self._tio, self._wall, self._bus),
            LinkGroups(self._bus),
            PluginService(shelf, pins.keep),
            self._vitals,
            BackupDesk(self.place.name, self.place.folder, self._tio, self._wall),
            settings,
            *go_live(
                self.place,
                self._config,
                self._clock,
                market,
                jobs,
                settings,
                vault,
                self._tio,
                self._history,
            ),
            market,
            replays,
            RecordingDesk(market),
            quality,
            HoursService(
                self._clock,
                jobs,
                self.place.folder.parent,
                lambda text: market.market.instruments[market.symbol(text)],
            ),
            IndicatorService(market, self._bus, self._clock),
            risk,
            *chart_desks(self._tio, self._history, self._wall, self._clock, self._bus, market),
            portfolios,
            orders,
            ideas,
            JournalService(self._tio, self._wall, self._clock, market, portfolios.shelf),
            models,
            ExamDesk(models, jobs, self._bus, self._wall),
            RulesAnalyst(
                self._clock,
                self._answers,
                then=past.then,
                revision=lambda: (self._tio.changes, self._history.changes),
            ),
            past,
            views,
            ChatService(
                self._tio,
                self._wall,
                self._clock,
                market,
                models,
                self._answers,
                views,
                simulated=simulated,
            ),
            # After all a job needs: one goes on only when that is there, and ends before it.
            jobs,
            ScheduleDesk(self._tio, self._wall, self._bus, jobs, market, self._answers, views),
        )


def _lost(error: TioError) -> None:
    log.error("bars were not stored: %s", error.message)


def _damaged(damage: str) -> None:
    log.error("%s", damage)
