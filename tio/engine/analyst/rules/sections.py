"""The table of sections; one whose words the engine lacks is left out until it has them."""

from tio.engine.analyst.rules import activity, ahead, news, own, prices, trend
from tio.engine.analyst.rules.scope import Scope, Section

SECTIONS: tuple[Section[Scope], ...] = (
    Section(
        "trend",
        "Trend and momentum",
        ("GetBars", "ComputeIndicators"),
        trend.asks,
        trend.write,
        bounded=True,
    ),
    Section("levels", "Levels", ("GetBars",), prices.asks, prices.write, bounded=True),
    Section(
        "session",
        "Session levels",
        ("GetSessionLevels", "GetBars"),
        prices.session_asks,
        prices.session,
    ),
    Section(
        "volatility", "Volatility", ("GetBars",), activity.asks, activity.volatility, bounded=True
    ),
    Section("volume", "Volume", ("GetBars",), activity.asks, activity.volume, bounded=True),
    Section("ahead", "Ahead", ("GetProfile", "GetEvents"), ahead.asks, ahead.write),
    Section("news", "News", ("GetNews",), news.brief_asks, news.brief),
    Section("position", "Your position", ("GetPositions",), own.position_asks, own.position),
    Section("orders", "Your orders", ("ListOrders",), own.order_asks, own.orders),
    Section("trades", "Your past trades", ("ListTrades",), own.trade_asks, own.trades),
    Section("ideas", "Your ideas", ("ListIdeas",), own.idea_asks, own.ideas),
)

FULL_ONLY = frozenset({"session", "ideas"})
"""Sections a short brief leaves away."""
