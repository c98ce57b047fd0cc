"""What the engine answers for charts, put together."""

from tio.engine.bus import Bus
from tio.engine.charts.drawings import DrawingDesk
from tio.engine.charts.layouts import LayoutDesk
from tio.engine.charts.level_desk import LevelDesk
from tio.engine.market.service import MarketService
from tio.engine.store.companies import CompanyStore
from tio.engine.store.database import Database
from tio.plugin import Clock


def chart_desks(
    tio: Database, history: Database, wall: Clock, clock: Clock, bus: Bus, market: MarketService
) -> tuple[DrawingDesk, LayoutDesk, LevelDesk]:
    """Desks for drawings, layouts and session levels; `wall` is real time, `clock` the market's."""
    known = CompanyStore(history)
    drawings = DrawingDesk(tio, wall, clock, bus, market.symbol, known.events, market.history.rules)
    return drawings, LayoutDesk(tio, wall), LevelDesk(clock, market)
