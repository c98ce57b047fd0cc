import pytest

from tio.api.market import AssetClass
from tio.api.ticks import BookSnapshot, DayFigures, TopOfBook, Trade
from tio.engine.feeds.decimals import Precision, decimals_of
from tio.plugin import Traits


@pytest.mark.parametrize(
    ("price", "decimals"),
    [
        (14.755, 3),
        ("14.7550", 3),
        (100.0, 0),
        (1e-7, 7),
        ("0.00000637", 8),
        (float("nan"), 0),
        (float("inf"), 0),
        (1 / 3, 12),
        (1.2278449999999999, 6),
        (64_210.5, 1),
        (1e300, 0),
    ],
)
def test_decimals_of_a_price_written_shortest(price: float | str, decimals: int) -> None:
    assert decimals_of(price) == decimals


def test_the_most_decimals_of_every_kind_of_price_stay() -> None:
    precision = Precision()
    precision.see(
        (
            Trade("A-USD", 1.25, 0.001, 1),
            Trade("A-USD", 1.5, 1, 2),
            TopOfBook("B-USD", None, 3.125),
            BookSnapshot("C-USD", ((1.5, 1.0),), ((1.625, 0.12345),)),
            DayFigures(symbol="D-USD", volume=0.123),
            Trade("E-USD", float("nan"), 1, 1),
        )
    )
    traits = Traits(name="kraken", asset_class=AssetClass.crypto)
    assert {i.symbol: i.price_decimals for i in precision.instruments(traits)} == {
        "A-USD": 2,
        "B-USD": 3,
        "C-USD": 3,
        "D-USD": 0,
        "E-USD": 0,
    }
