import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_symbols import spelled, symbol_of, venue_of

BOTH_WAYS = [
    ("AAPL", "AAPL"),
    ("BRK.B", "BRK-B"),
    ("VOD.LSE", "VOD.L"),
    ("BT.A.LSE", "BT-A.L"),
    ("BBD.B.TSX", "BBD-B.TO"),
    ("REI.UN.TSX", "REI-UN.TO"),
    ("SAP.XETRA", "SAP.DE"),
    ("7203.TSE", "7203.T"),
    ("0700.HKEX", "0700.HK"),
    ("AZT.OL", "AZT.OL"),
    ("NOVO.B.CO", "NOVO-B.CO"),
    ("M&M.NS", "M&M.NS"),
    ("BAC.PR.L", "BAC-PL"),
    ("BFLY.WS", "BFLY-WT"),
    ("EURUSD", "EURUSD=X"),
    ("^GSPC", "^GSPC"),
    ("GC=F", "GC=F"),
    ("GCJ25.CMX", "GCJ25.CMX"),
    ("BTC-USD", "BTC-USD"),
    ("ETH-EUR", "ETH-EUR"),
    ("UNI7083-USD", "UNI7083-USD"),
    ("0P000071W8.TSX", "0P000071W8.TO"),
]


@pytest.mark.parametrize(("symbol", "spelling"), BOTH_WAYS)
def test_symbols_are_spelled_as_yahoo_does_and_back(symbol: str, spelling: str) -> None:
    assert spelled(symbol) == spelling
    assert symbol_of(spelling) == symbol


@pytest.mark.parametrize(
    ("symbol", "spelling"),
    [("700.HKEX", "0700.HK"), ("5.HKEX", "0005.HK"), ("80700.HKEX", "80700.HK")],
)
def test_codes_of_hong_kong_get_their_zeros(symbol: str, spelling: str) -> None:
    assert spelled(symbol) == spelling


@pytest.mark.parametrize(
    "symbol",
    ["BTC-USDT", "UNI-USD", "SIM:ACME", "FRED:DGS10", "USD-USD", "", "A B", "ETH-BTC", "x", "^"],
)
def test_what_yahoo_does_not_have_or_has_under_another_coin_is_not_spelled(symbol: str) -> None:
    assert spelled(symbol) is None


def test_short_currency_spelling_is_against_the_dollar() -> None:
    assert symbol_of("JPY=X") == "USDJPY"


@pytest.mark.parametrize(
    "spelling", ["", "FOO=X", "A B", "\x1b[2J", "../quote", "A" * 60, "ABCDEF=X"]
)
def test_what_is_no_spelling_is_garbage(spelling: str) -> None:
    with pytest.raises(Garbage):
        symbol_of(spelling)


def test_suffixes_name_the_venues_we_have_hours_of() -> None:
    assert [venue_of(each) for each in ("VOD.L", "SAP.DE", "AZT.OL", "BRK-B", "^GSPC")] == [
        "LSE",
        "XETRA",
        "",
        "",
        "",
    ]


@given(st.text(alphabet="ABLTPRUNWS0123.-=^&X", max_size=12))
def test_any_spelling_is_a_symbol_that_is_spelled_the_same_or_garbage(spelling: str) -> None:
    try:
        symbol = symbol_of(spelling)
    except Garbage:
        return
    again = spelled(symbol)
    assert again is None or symbol_of(again) == symbol
