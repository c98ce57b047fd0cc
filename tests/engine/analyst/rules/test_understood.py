"""What a question leaves out is what those before it were about."""

import pytest

from tio.engine.analyst.rules.intents import Matter
from tio.engine.analyst.rules.understood import understood


@pytest.mark.parametrize(
    ("question", "earlier", "matter"),
    [
        ("and MSFT?", ["price of AAPL?"], Matter.price),
        ("and on the 1h?", ["RSI of AAPL?"], Matter.indicator),
        ("and MSFT?", ["RSI of AAPL?", "and on the 1h?"], Matter.indicator),
        ("on the weekly", ["is the trend of AAPL up?"], Matter.trend),
        ("and its volume?", ["price of AAPL?"], Matter.volume),
    ],
)
def test_a_follow_up_is_about_what_came_before(
    question: str, earlier: list[str], matter: Matter
) -> None:
    assert understood(question, earlier).matters[0] is matter


def test_what_goes_back_is_read_with_the_newest_first() -> None:
    assert understood("and MSFT?", ["RSI of AAPL?", "and on the 1h?"]).text == (
        "and MSFT? and on the 1h? RSI of AAPL?"
    )


@pytest.mark.parametrize("question", ["thanks", "hello", "what is a short squeeze?"])
def test_what_does_not_go_on_is_not_made_to(question: str) -> None:
    assert understood(question, ["price of AAPL?"]).matters == ()


def test_a_question_refers_to_what_was_named() -> None:
    assert understood("where is my stop?", []).refers
    assert understood("is it up?", []).refers
    assert not understood("what orders are open?", []).refers
