"""A market that is fed by hand."""

from datetime import UTC, datetime

import pytest

from tio.api.market import AssetClass
from tio.api.series import instant
from tio.engine.bus import Bus
from tio.engine.market.market import Market
from tio.plugin import Traits

from fakes import FakeClock

NOON = instant(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return Market(clock, Bus(clock))


@pytest.fixture
def venue() -> Traits:
    return Traits(name="venue", asset_class=AssetClass.crypto)


@pytest.fixture
def noon() -> int:
    """What the clock shows, a Friday 10:00 in New York, µs."""
    return NOON
