import pytest

from tio.api.errors import NotFound
from tio.api.market import AssetClass, Instrument
from tio.engine.market.symbols import classify, normal, resolve, search

KNOWN = {
    symbol: classify(symbol)
    for symbol in ("BTC-USD", "ETH-USD-PERP", "AAPL", "VOD.LSE", "EURUSD", "SIM:ACME", "BRK.B")
}


@pytest.mark.parametrize(
    ("symbol", "kind", "venue", "currency"),
    [
        ("BTC-USD", AssetClass.crypto, "", "USD"),
        ("YFI-BTC", AssetClass.crypto, "", "BTC"),
        ("ETH-USD-PERP", AssetClass.crypto, "", "USD"),
        ("BTC-USD-210924", AssetClass.crypto, "", "USD"),
        ("BTC-USD-PERP-FLEX", AssetClass.crypto, "", "USD"),
        ("AAPL", AssetClass.equity, "", "USD"),
        ("BRK.B", AssetClass.equity, "", "USD"),
        ("VOD.LSE", AssetClass.equity, "LSE", "GBP"),
        ("EURUSD", AssetClass.fx, "", "USD"),
        ("GOOGLE", AssetClass.equity, "", "USD"),
        ("^GSPC", AssetClass.equity_index, "", ""),
        ("GC=F", AssetClass.future, "", "USD"),
        ("SIM:ACME", AssetClass.simulated, "", "USD"),
    ],
)
def test_a_spelling_says_what_it_is(
    symbol: str, kind: AssetClass, venue: str, currency: str
) -> None:
    found = classify(symbol)
    assert (found.asset_class, found.venue, found.currency) == (kind, venue, currency)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("btc-usd", "BTC-USD"),
        ("XBT/USD", "BTC-USD"),
        ("BTC/USD", "BTC-USD"),
        ("btcusd", "BTC-USD"),
        (" BTC_USD ", "BTC-USD"),
        ("VOD.L", "VOD.LSE"),
        ("vod.lse", "VOD.LSE"),
        ("EUR/USD", "EURUSD"),
        ("EURUSD=X", "EURUSD"),
        ("BRK-B", "BRK.B"),
        ("sim:acme", "SIM:ACME"),
        ("eth-usd-perp", "ETH-USD-PERP"),
    ],
)
def test_other_spellings_mean_the_same_symbol(text: str, symbol: str) -> None:
    assert resolve(text, KNOWN) == symbol


def test_an_alias_of_a_source_resolves() -> None:
    known = {**KNOWN, "BTC-USD": Instrument(symbol="BTC-USD", aliases=("tBTCUSD",))}
    assert resolve("TBTCUSD", known) == "BTC-USD"


def test_an_unknown_symbol_is_told_with_the_nearest_and_cleaned() -> None:
    with pytest.raises(NotFound, match="APPL") as refused:
        resolve("APPL", KNOWN)
    assert refused.value.next == "did you mean AAPL?"
    with pytest.raises(NotFound) as refused:
        resolve("\x1b[2Jzzzzzz", KNOWN)
    assert "\x1b" not in refused.value.message


def test_a_suffix_is_a_venue_only_where_the_table_has_it() -> None:
    assert normal("BRK.B") == "BRK.B"
    assert normal("7203.T") == "7203.TSE"
    assert normal("AIR.PA") == "AIR.PAR"


def test_search_ranks_exact_before_beginning_before_within() -> None:
    named = [
        Instrument(symbol="PAYC", name="Paycom"),
        Instrument(symbol="AAP", name="Advance Auto Parts"),
        Instrument(symbol="AAPL", name="Apple Inc."),
        Instrument(symbol="MSFT", name="Microsoft"),
    ]
    assert [each.symbol for each in search("aap", named, 9)] == ["AAP", "AAPL"]
    assert [each.symbol for each in search("apple", named, 9)] == ["AAPL"]
    assert [each.symbol for each in search("", named, 2)] == ["AAP", "AAPL"]


def test_a_pair_is_told_to_a_tenth_of_its_pip() -> None:
    assert classify("EURUSD").price_decimals == 5
    assert classify("USDJPY").price_decimals == 3
    assert classify("AAPL").price_decimals is None
