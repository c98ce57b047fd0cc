import logging

import pytest

from tio.api.market import Instrument
from tio.engine.feeds.decoding import dashed
from tio.engine.feeds.listing import listed


def test_what_cannot_be_read_is_told_and_the_others_are_listed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        found = listed(
            ["btc-usd", "wow", "eth-usd"], lambda e: Instrument(symbol=dashed(e)), "venue"
        )
    assert [each.symbol for each in found] == ["BTC-USD", "ETH-USD"]
    assert "venue lists what cannot be read" in caplog.text
    assert "WOW" in caplog.text
