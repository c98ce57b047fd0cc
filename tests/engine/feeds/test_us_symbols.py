import pytest

from tio.engine.feeds.us_symbols import dashed, is_us


@pytest.mark.parametrize("symbol", ["A", "AAPL", "BRK.B", "BF.A", "JPM.PR.C", "GOOGL", "MOG.A"])
def test_shares_of_the_us_are_known_by_their_letters(symbol: str) -> None:
    assert is_us(symbol)


@pytest.mark.parametrize(
    "symbol",
    ["VOD.LSE", "VOD.L", "7203.T", "SAP.DE", "BTC-USD", "EURUSD", "^GSPC", "GC=F", "SIM:ACME", ""],
)
def test_what_names_a_venue_or_another_kind_is_none(symbol: str) -> None:
    assert not is_us(symbol)


def test_classes_and_preferred_shares_are_spelled_with_a_dash() -> None:
    assert dashed("AAPL") == "AAPL"
    assert dashed("BRK.B") == "BRK-B"
    assert dashed("JPM.PR.C") == "JPM-PC"
