import pytest

from tio.api.market import AssetClass, Instrument
from tio.engine.analyst.rules.naming import candidates, meant


def instrument(symbol: str, name: str) -> Instrument:
    return Instrument(symbol=symbol, name=name, asset_class=AssetClass.equity)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How does AAPL stand?", ["AAPL"]),
        ("is the RSI of BTC-USD high?", ["BTC-USD"]),
        ("compare SIM:ACME and SIM:OIL", ["SIM:ACME", "SIM:OIL"]),
        ("what of $W today", ["W"]),
        ("why did Tesla fall?", ["Tesla"]),
        ("how is bitcoin doing", ["bitcoin"]),
        ("WHAT IS MY P&L?", []),
        ("should I buy it?", []),
        ("price of BRK.B.", ["BRK.B"]),
    ],
)
def test_words_that_may_name_an_instrument(question: str, found: list[str]) -> None:
    assert candidates(question) == found


def test_a_symbol_is_meant_whole_or_without_its_mark() -> None:
    found = (instrument("SIM:OIL", "Crude"), instrument("BTC-USD", "Bitcoin"))
    assert meant("OIL", found) == "SIM:OIL"
    assert meant("btc", found) == "BTC-USD"
    assert meant("Bitcoin", found) == "BTC-USD"
    assert meant("rude", found) == ""
    assert meant("OIL", None) == ""
