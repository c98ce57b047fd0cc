"""The grammar of the command line."""

import pytest

from tio.screens.actions import CODES
from tio.screens.grammar import Command, Question, Unknown, completions, parse


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("AAPL GP 1d", Command(("AAPL",), "GP", ("1d",))),
        ("aapl gp", Command(("AAPL",), "GP")),
        (":LOG", Command((), "LOG")),
        ("BTC-USD", Command(("BTC-USD",))),
        ("W", Command((), "W")),
        ("$W", Command(("W",))),
        ("$W GP", Command(("W",), "GP")),
        ("AAPL MSFT GP", Command(("AAPL", "MSFT"), "GP")),
        ("   ", Command()),
        ("why is BTC up?", Question("why is BTC up?")),
        ("AAPL GPP", Unknown("GPP", "GP")),
        ("AAPL XYZZY", Unknown("XYZZY")),
    ],
)
def test_a_line_means_what_it_says(line: str, meant: object) -> None:
    assert parse(line, CODES) == meant


def test_an_unknown_code_suggests_the_nearest() -> None:
    wrong = parse("AAPL HLP", CODES)
    assert isinstance(wrong, Unknown)
    assert wrong.sentence == "There is no code HLP. Did you mean HELP?"


def test_completion_offers_codes_that_begin_as_typed_and_none_after_a_code() -> None:
    assert completions("AAPL G", CODES) == ["GP"]
    assert completions("AAPL GP ", CODES) == []
    assert completions("$C", CODES) == []
    assert completions("", CODES) == sorted(CODES)
