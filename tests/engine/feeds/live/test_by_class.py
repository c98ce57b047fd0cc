from msgspec.structs import replace

from tio.api.market import AssetClass
from tio.api.sources import SourceState
from tio.api.ticks import TopOfBook
from tio.engine.feeds.live.by_class import ByClass
from tio.plugin import Traits

from fakes import FakeOutlet

COINS = Traits(name="venue", asset_class=AssetClass.crypto)
FX = replace(COINS, asset_class=AssetClass.fx)


def test_currencies_are_told_apart_in_the_order_they_came() -> None:
    out = FakeOutlet()
    ticks = [TopOfBook(symbol, 1.0, 2.0) for symbol in ("BTC-USD", "EURUSD", "GBPUSD", "ETH-USD")]
    ByClass(out, FX).emit(ticks, 7)
    assert out.ticks == ticks
    assert [len(some) for some, _ in out.emissions] == [1, 2, 1]
    assert out.traits == [None, FX, None]
    assert {at for _, at in out.emissions} == {7}
    ByClass(out, FX).emit([])
    assert len(out.emissions) == 3


def test_all_else_is_passed_on() -> None:
    out = FakeOutlet()
    told = ByClass(out, FX)
    told.refused("A", "why")
    told.standing(SourceState.failed, "lost")
    told.frame("wss://venue", "{}")
    told.introduce([])
    assert out.refusals == {"A": "why"}
    assert out.standings == [(SourceState.failed, "lost")]
    assert out.frames == [("wss://venue", "{}")]
