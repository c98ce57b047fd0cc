import pytest

from tio.engine.feeds.us_shares import is_us_share, us_symbol


@pytest.mark.parametrize("symbol", ["A", "AAPL", "BRK.B", "JPM.PR.C", "ACHR.WS", "VTSAX"])
def test_shares_and_funds_of_the_united_states(symbol: str) -> None:
    assert is_us_share(symbol)
    assert us_symbol(symbol.lower().replace(".", "-")) == symbol


@pytest.mark.parametrize(
    "symbol",
    [
        "",
        "BTC-USD",
        "^GSPC",
        "GC=F",
        "VOD.LSE",
        "7203.TSE",
        "SIM:AAPL",
        "FRED:DGS10",
        "aapl",
        "A B",
    ],
)
def test_what_is_none(symbol: str) -> None:
    assert not is_us_share(symbol)


def test_a_spelling_that_can_be_no_symbol_is_none() -> None:
    assert us_symbol("X:BTCUSD") is None
    assert us_symbol("") is None
