from hypothesis import given
from hypothesis import strategies as st

from tio.draw import prose
from tio.draw.prose import Mark, Row, laid, numbers, superscript
from tio.draw.table import cell_width


def shown(rows: list[Row]) -> list[str]:
    return ["".join(run.text for run in row) for row in rows]


def inks(rows: list[Row]) -> dict[str, str]:
    return {run.text: run.ink for row in rows for run in row}


def test_words_are_wrapped_and_lists_hang() -> None:
    assert shown(laid("- one two three\n2. four", 9)) == ["· one two", "  three", "2. four"]


def test_emphasis_is_shown_and_its_signs_are_not() -> None:
    rows = laid("**AAPL** is *up* by `2` and 3 * 4 * 5", 60)
    assert shown(rows) == ["AAPL is up by 2 and 3 * 4 * 5"]
    assert inks(rows)["AAPL"] == "bold"
    assert inks(rows)["2"] == "blue"


def test_an_opened_emphasis_that_never_closes_stays_as_it_is() -> None:
    assert shown(laid("**half of it", 40)) == ["**half of it"]


def test_a_heading_is_bold_and_code_is_left_alone() -> None:
    rows = laid("## Levels\n```\n**x** | y\n```", 40)
    assert shown(rows) == ["Levels", "**x** | y"]
    assert inks(rows)["Levels"] == "bold"


def test_a_table_stands_in_columns_its_figures_on_the_right() -> None:
    text = "| name | last |\n|---|---|\n| AAPL | 187.2 |\n| X | 9.15 |"
    assert shown(laid(text, 40)) == ["name   last", "AAPL  187.2", "X      9.15"]


def test_a_table_that_does_not_fit_goes_on_below() -> None:
    text = "| a long name | and more of it |\n| b | c |"
    assert all(len(line) <= 16 for line in shown(laid(text, 16)))
    assert "a long name" in " ".join(shown(laid(text, 16)))


def test_a_mark_is_where_it_was_in_the_text_whatever_is_hidden_before_it() -> None:
    text = "**AAPL** at 187.20, then 9"
    at = text.index("187.20")
    rows = laid(text, 60, [Mark(at, at + 6, "figure", superscript(12), "thing")])
    assert shown(rows) == ["AAPL at 187.20¹², then 9"]
    assert [(run.text, run.ink) for run in rows[0] if run.thing == "thing"] == [
        ("187.20", "figure"),
        ("¹²", "blue"),
    ]


def test_a_mark_within_a_table_keeps_its_cell() -> None:
    text = "| a | b |\n|---|---|\n| x | 187.20 |"
    at = text.index("187.20")
    rows = laid(text, 40, [Mark(at, at + 6, "struck", " unverified", 1)])
    assert shown(rows)[1] == "x  187.20 unverified"


def test_numbers_are_found_with_sign_and_grouping() -> None:
    told = [found[0] for found in numbers("−5\u2009304.65 and 1,204 of 20")]
    assert told == ["−5\u2009304.65", "1,204", "20"]


WORDS = st.text(st.sampled_from("ab *_`|#-1.0\n漢é"), max_size=80)


@given(WORDS, st.integers(8, 40))
def test_no_row_is_wider_than_it_may_be(text: str, width: int) -> None:
    for line in shown(laid(text, width)):
        assert cell_width(line) <= width


@given(st.lists(st.sampled_from(["alpha", "187.20", "βeta", "−3 %"]), max_size=20))
def test_no_word_is_lost(words: list[str]) -> None:
    assert " ".join(" ".join(shown(laid(" ".join(words), 14))).split()) == " ".join(words)


@given(WORDS, st.integers(8, 40), st.booleans())
def test_a_text_that_grew_is_laid_as_if_it_came_at_once(
    text: str, width: int, marked: bool
) -> None:
    marks = [Mark(0, 3, "figure", "¹")] * marked
    for end in range(len(text)):
        laid(text[:end], width, marks)
    grown = laid(text, width, marks)
    prose._kept.cache_clear()
    prose._table.cache_clear()
    assert laid(text, width, marks) == grown


def test_wide_characters_in_code_go_on_below() -> None:
    rows = shown(laid("```\n" + "漢" * 10 + "\n```", 8))
    assert rows == ["漢漢漢漢", "漢漢漢漢", "漢漢"]


def test_a_mark_over_two_lines_stands_in_both() -> None:
    rows = laid("one two\nthree", 40, [Mark(4, 10, "struck", " no", "thing")])
    assert shown(rows) == ["one two", "th noree"]
    assert [run.text for row in rows for run in row if run.thing] == ["two", "th", " no"]
