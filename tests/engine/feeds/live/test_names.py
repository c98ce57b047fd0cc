from tio.api.market import Instrument
from tio.engine.feeds.live.names import Names


def test_names_are_those_of_the_newest_list_both_ways() -> None:
    names = Names("venue")
    first = Instrument(symbol="BTC-USD", spellings={"venue": "BTC/USD", "other": "btcusd"})
    names.learn([first, Instrument(symbol="AAPL", spellings={"other": "AAPL"})])
    assert len(names) == 1
    assert names.spelled("BTC-USD") == "BTC/USD"
    assert names.symbol("BTC/USD") == "BTC-USD"
    assert names.instrument("BTC-USD") is first
    assert (names.spelled("AAPL"), names.symbol("btcusd"), names.instrument("AAPL")) == (None,) * 3
    names.learn([Instrument(symbol="ETH-USD", spellings={"venue": "ETH/USD"})])
    assert names.spelled("BTC-USD") is None
