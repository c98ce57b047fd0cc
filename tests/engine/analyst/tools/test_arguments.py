"""What models write for arguments, and what it means."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_words import AskWeather, Place, Sky

from tio.api.errors import Invalid
from tio.api.indicators import ComputeIndicators, IndicatorSpec
from tio.api.market import GetBars, GetQuotes, Timeframe
from tio.engine.analyst.tools.arguments import decoded


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        ('{"harbour": "Kiel"}', AskWeather("Kiel")),
        ('{"harbour": "Kiel", "days": "10"}', AskWeather("Kiel", 10)),
        ('{"harbour": "Kiel", "days": 10.0}', AskWeather("Kiel", 10)),
        ('{"harbour": 7}', AskWeather("7")),
        ('{"harbour": "Kiel", "sky": "CLEAR"}', AskWeather("Kiel", sky=Sky.clear)),
        ('{"harbour": "Kiel", "sky": null, "days": null}', AskWeather("Kiel")),
        ('{"harbour": "Kiel", "sky": "null", "at": ""}', AskWeather("Kiel")),
        ('{"harbour": "Kiel", "ships": "Gorch"}', AskWeather("Kiel", ships=("Gorch",))),
        ('{"harbour": "Kiel", "ships": "A, B"}', AskWeather("Kiel", ships=("A", "B"))),
        ('{"harbour": "Kiel", "ships": "[\\"A\\"]"}', AskWeather("Kiel", ships=("A",))),
        ('{"harbour": "Kiel", "ship": "A"}', AskWeather("Kiel", ships=("A",))),
        ('{"harbour": "Kiel", "places": "Mole"}', AskWeather("Kiel", places=(Place("Mole"),))),
        (
            '{"harbour": "Kiel", "places": {"name": "Mole", "metres": "3"}}',
            AskWeather("Kiel", places=(Place("Mole", 3),)),
        ),
        ('{"harbour": "Kiel", "tide": 1.25}', AskWeather("Kiel", tide=Decimal("1.25"))),
        ('{"harbour": "Kiel", "loud": "true"}', AskWeather("Kiel", loud=True)),
        (
            '{"harbour": "Kiel", "at": "2026-11-20 15:00"}',
            AskWeather("Kiel", at=datetime(2026, 11, 20, 15, tzinfo=UTC)),
        ),
        (
            '{"harbour": "Kiel", "at": "2026-11-20"}',
            AskWeather("Kiel", at=datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)),
        ),
        ("{'harbour': 'Kiel', 'loud': True,}", AskWeather("Kiel", loud=True)),
        ('```json\n{"harbour": "Kiel"}\n```', AskWeather("Kiel")),
        ('{"harbour": "Kiel", "ships": ["A"', AskWeather("Kiel", ships=("A",))),
        ('{"arguments": {"harbour": "Kiel"}}', AskWeather("Kiel")),
        ('"{\\"harbour\\": \\"Kiel\\"}"', AskWeather("Kiel")),
    ],
)
def test_what_can_mean_one_thing_alone_is_taken_for_it(arguments: str, meant: AskWeather) -> None:
    assert decoded(AskWeather, arguments).word == meant


def test_words_of_the_engine_are_meant_too() -> None:
    told = decoded(GetBars, '{"Symbol": "AAPL", "timeFrame": "1H", "limit": "20"}').word
    assert told == GetBars("AAPL", Timeframe.h1, limit=20)
    assert decoded(GetQuotes, '{"symbol": "AAPL"}').word == GetQuotes(("AAPL",))
    told = decoded(ComputeIndicators, '{"symbol": "AAPL", "specs": ["rsi"]}').word
    assert told == ComputeIndicators((IndicatorSpec("rsi"),), "AAPL")


def test_fields_that_are_not_known_are_named() -> None:
    told = decoded(GetQuotes, '{"symbols": ["AAPL"], "exchange": "NYSE", "fast\\u001b": 1}')
    assert told.word == GetQuotes(("AAPL",))
    assert told.ignored == ("exchange", "fast")


@pytest.mark.parametrize(
    ("kind", "arguments", "said"),
    [
        (AskWeather, "{}", "AskWeather needs harbour"),
        (AskWeather, '{"port": "Kiel"}', "AskWeather needs harbour; it has no port"),
        (AskWeather, '{"harbour": "Kiel", "days": "ten"}', r"`\$.days`"),
        (AskWeather, '{"harbour": "Kiel", "days": 15}', "<= 14"),
        (AskWeather, '{"harbour": "Kiel", "sky": "rain"}', "sky is one of clear, cloud"),
        (AskWeather, "Kiel, please", "are no JSON object"),
        (AskWeather, "[1]", "are a list, not an object"),
        (AskWeather, '{"harbour": "Kiel", "tide": NaN}', "are no JSON object"),
        (GetBars, '{"symbol": "AAPL", "timeframe": "1M"}', "timeframe is one of 1s"),
        (GetBars, '{"symbol": "AAPL", "start": "2026-02-31"}', r"`\$.start`"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(kind: Any, arguments: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as told:
        decoded(kind, arguments)
    assert len(told.value.message) < 500
    assert told.value.message.isprintable()


@given(
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda each: (
            st.lists(each)
            | st.dictionaries(
                st.sampled_from(
                    ["harbour", "days", "sky", "ships", "places", "at", "tide", "loud", "x"]
                ),
                each,
            )
        ),
    ).map(lambda value: json.dumps(value))
)
def test_whatever_comes_is_a_word_or_a_sentence(arguments: str) -> None:
    try:
        assert isinstance(decoded(AskWeather, arguments).word, AskWeather)
    except Invalid as error:
        assert error.message
