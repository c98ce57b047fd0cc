"""Binance.US, keyless: its own pairs, many of them in dollars, in the language of Binance."""

from tio.api.market import AssetClass
from tio.engine.feeds.binance_us import NAME, TRAITS
from tio.engine.feeds.live.binance import Binance
from tio.engine.feeds.live.binance_asking import Door, Venue
from tio.engine.feeds.live.reach import Reach
from tio.plugin import Source

VENUE = Venue(
    traits=TRAITS,
    title="Binance.US",
    doors=(Door("https://api.binance.us", "wss://stream.binance.us:9443/stream"),),
    weight=960,
)
BUDGETS = {NAME: VENUE.budget}
"""Four fifths of 1200 a minute, and what its list says once it is here."""
ASSETS = frozenset({AssetClass.crypto})
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = ""


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs or lists."""
    return Binance(reach, VENUE)
