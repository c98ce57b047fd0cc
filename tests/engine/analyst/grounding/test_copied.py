import msgspec
import pytest
import told_results

from tio.engine.analyst.grounding.answer import ground
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.facts import ToolResult


class Line(msgspec.Struct, frozen=True):
    text: str
    symbol: str = ""


LINES = (
    Line(
        "1w: leaning down. Close 138.22, EMA 20 145.40; ADX 17.5, under 20: no firm trend.", "AAPL"
    ),
    Line("Over 3m AAPL lost 3.3 %, MSFT lost 10.8 %: 7.5 points apart."),
    Line("sample is worth 92\u202f211.13 USD, today −361.81 (−0.39 %); 67 % is cash."),
    Line("Its deepest fall was 12.3 % from 2025-07-23, not recovered yet."),
)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return Evidence([told_results.quotes(), ToolResult("c9", None, LINES, "rules")])


def lost(text: str, evidence: Evidence) -> list[str]:
    return [one.text for one in ground(text, evidence).unverified]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.text[:12])
def test_what_is_copied_word_by_word_is_verified(evidence: Evidence, line: Line) -> None:
    assert lost(line.text, evidence) == []
    assert lost(f"- **{line.text}**\n", evidence) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("AAPL: close 138.22, EMA 20 145.04.", ["145.04"]),
        ("15m: MSFT, ADX 17.5, under 20.", ["17.5"]),
        ("Lately MSFT lost 3.3 %, AAPL lost 10.8 %.", ["3.3 %", "10.8 %"]),
        ("Its deepest fall was 12.3 % from 2025-07-24.", ["2025-07-24"]),
        ("sample is worth 92\u202f211.13 USD; 76 % is cash.", ["76 %"]),
        ("67 % is gold.", ["67 %"]),
    ],
)
def test_other_figures_or_words_are_no_copy(
    evidence: Evidence, text: str, wrong: list[str]
) -> None:
    assert lost(text, evidence) == wrong


def test_a_copy_cites_the_text(evidence: Evidence) -> None:
    (one, *_) = ground("67 % is cash.", evidence).citations

    assert (one.operation, one.facts[0].path) == ("as told", "[2].text")
    assert one.facts[0].value == LINES[2].text
