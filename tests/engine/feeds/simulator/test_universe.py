import pytest

from tio.api.market import AssetClass
from tio.engine.feeds.simulator.universe import MOST, SECTOR_SIGMA, listings


def test_acme_is_always_listed() -> None:
    assert [listing.symbol for listing in listings(1)] == ["SIM:ACME"]


def test_larger_universe_begins_with_the_smaller_one() -> None:
    assert listings(500)[:40] == listings(40)


def test_every_symbol_is_marked_and_unique() -> None:
    symbols = [listing.symbol for listing in listings(MOST)]
    assert len(set(symbols)) == MOST
    assert all(symbol.startswith("SIM:") for symbol in symbols)


def test_instruments_say_what_they_are() -> None:
    for listing in listings(40):
        instrument = listing.instrument
        assert instrument.name
        assert instrument.venue == "SIM"
        assert instrument.asset_class is AssetClass.simulated
        assert instrument.price_decimals == listing.decimals
        assert listing.sector in SECTOR_SIGMA


def test_hand_named_instruments_cover_every_kind_of_session() -> None:
    assert {listing.session for listing in listings(26)} == {"stock", "fx", "crypto"}


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_impossible_counts_are_refused_with_the_number(count: int) -> None:
    with pytest.raises(ValueError, match=f"{count:,}"):
        listings(count)
