"""Tools that go with a question."""

import pytest

from tio.api import words
from tio.api.contract import Role
from tio.engine.analyst.tools.choosing import CORE, MOST, chosen
from tio.engine.analyst.tools.shelf import shelf

assert words
SHELF = shelf(Role.owner)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which dividends did I receive from KO?", "GetIncome"),
        ("What would my portfolio lose in a crash like 2008?", "StressWindows"),
        ("How correlated are BTC and ETH?", "GetCorrelation"),
        ("Is the NYSE open on Thanksgiving?", "GetHours"),
        ("How many shares may I buy if I risk 1%?", "SizePosition"),
        ("What is my expectancy by setup?", "GetExpectancy"),
        ("Which of my orders are still open?", "ListOrders"),
        ("What are my realised gains this year?", "GetGains"),
        ("Where is the point of control of the volume profile?", "GetVolumeProfile"),
        ("How did my portfolio perform against SPY?", "GetPerformance"),
    ],
)
def test_a_question_brings_the_tool_it_needs(question: str, wanted: str) -> None:
    choice = chosen(question, SHELF)
    names = [each.name for each in choice.tools]
    assert wanted in names
    assert len(names) == MOST < len(SHELF)
    assert set(CORE) <= set(names)
    assert wanted in choice.why


def test_the_same_question_has_the_same_tools() -> None:
    assert chosen("gains?", SHELF) == chosen("gains?", SHELF)
    assert chosen("gains?", SHELF, most=3).tools == chosen("", SHELF, most=3).tools


def test_what_was_used_stays() -> None:
    rest = chosen("", SHELF).tools
    other = next(each.name for each in SHELF if each not in rest)
    assert other in [each.name for each in chosen("", SHELF, used=(other,)).tools]
