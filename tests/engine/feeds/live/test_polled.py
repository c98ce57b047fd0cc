from collections.abc import Sequence

from tio.api.ticks import DayFigures, Tick
from tio.engine.feeds.live.polled import Polled

from fakes import FakeOutlet


class Venue:
    """Prices what it lists."""

    def __init__(self, *listed: str) -> None:
        self.listed = set(listed)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        return [DayFigures(symbol=each, last=1.0) for each in symbols if each in self.listed]


async def test_what_has_no_price_is_refused_once_until_it_had_one() -> None:
    venue, out = Venue("A"), FakeOutlet()
    polled = Polled(venue.quotes, out, "Venue")
    assert [tick.symbol for tick in await polled.quotes(["A", "B"])] == ["A"]
    assert out.refusals == {"B": "Venue tells no price of it"}
    out.refusals.clear()
    await polled.quotes(["A", "B"])
    assert out.refusals == {}
    venue.listed = {"B"}
    await polled.quotes(["A", "B"])
    assert list(out.refusals) == ["A"]
    venue.listed = set()
    out.refusals.clear()
    await polled.quotes(["A", "B"])
    assert list(out.refusals) == ["B"]
