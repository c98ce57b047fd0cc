from datetime import date

import pytest
import told_results

from tio.api.grounding import Grounded
from tio.api.grounding_text import markdown, plain, share_line
from tio.engine.analyst.grounding.answer import Answer, ground
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.rendering import kept


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    results = (told_results.quotes(), told_results.bars(), told_results.profile())
    return Evidence([*results, told_results.holdings()])


def lost(grounded: Grounded) -> list[str]:
    return [one.text for one in grounded.unverified]


@pytest.mark.parametrize(
    "text",
    [
        "Apple trades at $187.20, up 1.2 % (+2.31) on volume of 54.3M shares.",
        "MSFT fell 0.84 % to 402.10 while AAPL rose 1.25 %.",
        "AAPL and MSFT trade at 187.20 and 402.10 respectively.",
        "AAPL is about $187 and has an intraday range of 3.35.",
        "AAPL stands 0.6 % below the day's high of $188.40.",
        "AAPL yields 0.51 % and is worth $2.87tn, 29.1x earnings.",
        "Apple's margin of 25.3 % and a beta of 1.24 stand out; it employs 164,000 people.",
        "At a target of $212.50 the upside is 13.5 % for AAPL.",
        "The bid–ask spread of AAPL is $0.04, or 2 basis points.",
        "AAPL makes up 46.8 % of the portfolio, MSFT 37.7 %; together they are 84.5 %.",
        "The AAPL position of 40 shares is worth $7,488.00.",
        "The S&P 500 was not asked for, nor was the Russell 2000.",
        "RSI 14 of AAPL above 70 would be overbought.",
        "1. First, one of the two is up.",
        "AAPL last traded on 20 November 2026 at 21:00 UTC.",
        "Today AAPL swung from 185.1 to 188.4.",
        "Of AAPL and MSFT, the former is at 187.20 and the latter at 402.10.",
        "You hold 40 AAPL shares and 15 MSFT shares.",
        "Of the book AAPL is 46.8 % and cash 6.25 %.",
        "AAPL has a beta of 1.24 (5Y monthly).",
        "There are three reasons: 1. price 2. volume 3. trend.",
        "A 60/40 split is common, trading goes on 24/7, and nothing is 100% sure.",
        "The next 6-12 months, COVID-19, the S&P 500 and a 401(k) are another matter.",
        "RSI(14), MACD(12, 26, 9) and the 50-day moving average tell no more.",
    ],
)
def test_what_a_tool_told_is_verified(evidence: Evidence, text: str) -> None:
    assert lost(ground(text, evidence)) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Apple trades at $187.30.", ["$187.30"]),
        ("Apple trades at $231.37, up 1.2 %.", ["$231.37"]),
        ("MSFT is up 0.84 %.", ["0.84 %"]),
        ("MSFT trades at 187.20.", ["187.20"]),
        ("TSLA trades at 187.20.", ["TSLA", "187.20"]),
        ("AAPL and MSFT trade at 402.10 and 187.20 respectively.", ["402.10", "187.20"]),
        ("AAPL's high of the day was 185.05.", ["185.05"]),
        ("AAPL is worth $2.87bn.", ["$2.87bn"]),
        ("AAPL trades at €187.20.", ["€187.20"]),
        ("AAPL last traded on 19 March 2020.", ["19 March 2020"]),
        ("AAPL last traded on Friday 19 November 2026.", ["Friday 19 November 2026"]),
        ("AAPL makes up 48.6 % of the portfolio.", ["48.6 %"]),
        ("AAPL is trading at $188.00, or $18.720.", ["$188.00", "$18.720"]),
        ("As of my last update in 2023, AAPL was at $187.20.", ["2023"]),
        ("Of AAPL and MSFT, the former is at 402.10.", ["402.10"]),
        ("You hold 40 AAPL shares and 40 MSFT shares.", ["40"]),
        ("Call +1 (800) 555-0199 for more.", ["+1 (800) 555-0199"]),
        ("XQZT trades at $12 after Q3 2019.", ["XQZT", "$12", "Q3 2019"]),
        ("AAPL is 1.24 % above the low of the day.", ["1.24 %"]),
        ("AAPL could rise 10-15% from here.", ["10", "15%"]),
        ("AAPL has a 3:1 ratio of risk and reward.", ["3", "1"]),
    ],
)
def test_what_no_tool_told_is_not(evidence: Evidence, text: str, wrong: list[str]) -> None:
    assert lost(ground(text, evidence)) == wrong


def test_a_close_belongs_to_its_day(evidence: Evidence) -> None:
    closes = evidence.series(("AAPL",))[3]
    day, other = closes.when(200), closes.when(201)
    close = closes.values[200]
    right = ground(f"On {day:%d %B %Y} AAPL closed at {close:.2f}.", evidence)
    wrong = ground(f"On {other:%d %B %Y} AAPL closed at {close:.2f}.", evidence)

    assert lost(right) == []
    assert right.citations[1].facts[0].path == "close[200]"
    assert lost(wrong) == [f"{other:%d %B %Y}", f"{close:.2f}"]
    assert f"{day}" in wrong.unverified[0].why


def test_a_citation_opens_its_fact(evidence: Evidence) -> None:
    (one,) = ground("AAPL trades at $187.2.", evidence).citations

    assert (one.number, one.text) == (1, "$187.2")
    assert one.facts[0].path == "[AAPL].last"
    assert (one.facts[0].call, one.facts[0].source, one.facts[0].value) == ("c1", "yahoo", "187.2")
    assert one.facts[0].as_of == told_results.AT


def test_an_unverified_figure_says_what_the_tool_said(evidence: Evidence) -> None:
    (one,) = ground("AAPL trades at 178.20.", evidence).unverified

    assert one.why == "the tool said 187.2 (last of AAPL)"
    assert one.nearest is not None
    assert one.nearest.path == "[AAPL].last"


def test_the_question_is_nobodys_claim(evidence: Evidence) -> None:
    asked = "What if I sell 173 AAPL at 191.35?"

    assert lost(ground("Selling 173 at 191.35 is your plan.", evidence, asked)) == []
    assert lost(ground("Selling 173 at 191.35 is your plan.", evidence)) == ["173", "191.35"]


def test_today_is_the_day_it_was_asked_on(evidence: Evidence) -> None:
    verified = ground("Yesterday AAPL closed up.", evidence, today=date(2026, 11, 21))

    assert [one.text for one in verified.citations] == ["Yesterday"]


def test_a_table_is_read_by_its_rows_and_columns(evidence: Evidence) -> None:
    rows = (
        "| | Last | Change % |\n|---|---|---|\n| AAPL | 187.20 | 1.25 |\n| MSFT | 402.10 | {} |\n"
    )

    assert lost(ground(rows.format("-0.84"), evidence)) == []
    assert lost(ground(rows.format("-0.48"), evidence)) == ["-0.48"]
    turned = "| | AAPL | MSFT |\n|---|---|---|\n| Last | 187.20 | {} |\n"
    assert lost(ground(turned.format("402.10"), evidence)) == []
    assert lost(ground(turned.format("187.20"), evidence)) == ["187.20"]


def test_what_streams_in_is_judged_as_the_whole_is(evidence: Evidence) -> None:
    text = (
        "## AAPL vs. MSFT\n\nApple closed at $187.20. It is up 1.2 %! MSFT, at 402.10, fell.\n"
        "- It is worth $9.99tn.\n- Nothing else"
    )
    answer = Answer(evidence)
    for letter in text:
        answer.feed(letter)

    assert answer.finish() == ground(text, evidence)
    assert lost(answer.so_far()) == ["$9.99tn"]


def test_much_text_at_once_is_judged_a_sentence_at_a_time(evidence: Evidence) -> None:
    text = "AAPL is at 187.20. MSFT is at 999.99! Both are up.\nNothing else"
    answer = Answer(evidence)
    answer.write(text)
    steps = []
    while answer.step():
        steps.append(answer.so_far().judged)

    assert steps == sorted(steps)
    assert set(steps) - {0} == {19, 38, 51}
    assert answer.finish() == ground(text, evidence)


def test_figures_wait_until_it_is_told_whom_they_are_of(evidence: Evidence) -> None:
    answer = Answer(evidence)
    answer.feed("**Price:** 187.20\n**Change:** +1.25 %\n")

    assert answer.so_far().judged == 0
    assert answer.feed("That was AAPL. More")
    assert [one.text for one in answer.so_far().citations] == ["187.20", "+1.25 %"]
    assert lost(ground("**Price:** 187.20\n\nThat was MSFT.", evidence)) == ["187.20"]
    assert lost(ground("Price: 187.20.\nVolume: 54.3M.", evidence, "What of MSFT?")) == [
        "187.20",
        "54.3M",
    ]


def test_numbers_without_end_are_judged_in_parts(evidence: Evidence) -> None:
    text = "AAPL: " + "187.20, " * 400
    found = ground(text, evidence)

    assert found.text == text
    assert found.judged == len(text)
    assert len(found.citations) == 400


def test_a_figure_still_being_written_is_not_judged(evidence: Evidence) -> None:
    answer = Answer(evidence)

    assert not answer.feed("AAPL trades at 187")
    assert answer.so_far().share is None
    assert not answer.feed(".20")
    assert answer.feed(". It")
    assert answer.so_far().share == 1.0


def test_unverified_figures_are_struck(evidence: Evidence) -> None:
    grounded = ground("AAPL trades at 187.20, not 999.25.", evidence)

    assert markdown(grounded) == "AAPL trades at 187.20[1], not ~~999.25~~ *unverified*."
    assert plain(grounded) == (
        "AAPL trades at 187.20 [1], not 999.25 (unverified).\n\n"
        "[1] [AAPL].last = 187.2 · yahoo · 20 Nov 2026 21:00Z"
    )
    assert share_line(grounded) == "1 of 2 figures verified (50%)."


def test_a_report_loses_the_fields_nothing_stands_behind(evidence: Evidence) -> None:
    report = {
        "symbol": "AAPL",
        "last": 187.2,
        "target_price": 250.0,
        "levels": [{"low": 185.05}, {"low": 171.0}],
        "view": "up",
    }

    found, dropped = kept(report, evidence)

    assert found == {"symbol": "AAPL", "last": 187.2, "levels": [{"low": 185.05}, {}], "view": "up"}
    assert dropped == ("target_price", "levels[1].low")
