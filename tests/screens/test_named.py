"""The instrument a typed word means."""

import pytest

from tio.api.errors import NotFound
from tio.api.market import Instrument, SearchInstruments
from tio.screens.named import meant, named

from fakes import FakeEngine

ACME = Instrument(symbol="SIM:ACME", aliases=("ACM",))
LINE = Instrument(symbol="SIM:ACMELINE")


@pytest.mark.parametrize("word", ["SIM:ACME", "ACM", "ACME"])
def test_a_word_means_a_symbol_an_alias_or_what_stands_behind_a_colon(word: str) -> None:
    assert meant(word, (LINE, ACME)) == ACME


def test_a_symbol_of_its_own_comes_before_one_behind_a_colon() -> None:
    own = Instrument(symbol="ACME")
    assert meant("ACME", (ACME, own)) == own


def test_a_word_that_may_mean_two_means_neither() -> None:
    assert meant("ACME", (ACME, Instrument(symbol="FRED:ACME"))) is None
    assert meant("ACM", (LINE,)) is None


async def test_what_is_not_known_is_told_with_what_is_near_it() -> None:
    engine = FakeEngine({SearchInstruments: (ACME, LINE)})
    assert (await named(engine, "acme")).symbol == "SIM:ACME"
    with pytest.raises(NotFound, match="no source knows AC") as caught:
        await named(engine, "ac")
    assert caught.value.next == "Near it: SIM:ACME, SIM:ACMELINE."
