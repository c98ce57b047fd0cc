"""Lines too long for their pane go on below, or say that they were cut."""

from hypothesis import given
from hypothesis import strategies as st

from tio.draw.table import cell_width
from tio.screens.widgets.lines import Line, cut, laid

TEXT = st.text(st.sampled_from("ab c漢"), max_size=40)


def _words(lines: list[Line]) -> list[str]:
    return " ".join("".join(text for text, _ in line) for line in lines).split()


def test_a_line_that_fits_stays_one() -> None:
    line = [("head ", "muted"), ("words", "text")]
    assert list(laid(line, 10, 4)) == [line]
    assert cut(line, 10) == line


def test_the_last_part_goes_on_below_indented() -> None:
    line = [("12:00 ", "muted"), ("the engine of the workspace is ready", "text")]
    assert list(laid(line, 30, 6)) == [
        [("12:00 ", "muted"), ("the engine of the", "text")],
        [("      ", "text"), ("workspace is ready", "text")],
    ]


def test_where_little_room_is_left_the_words_begin_below() -> None:
    line = [("a very long head ", "muted"), ("and its words", "text")]
    assert list(laid(line, 25, 4)) == [
        [("a very long head ", "muted")],
        [("    ", "text"), ("and its words", "text")],
    ]


def test_what_is_cut_says_so() -> None:
    assert cut([("head ", "muted"), ("words", "text")], 8) == [("head ", "muted"), ("wo…", "text")]


@given(st.lists(TEXT, max_size=3), st.integers(1, 60))
def test_a_cut_line_never_is_too_long(texts: list[str], width: int) -> None:
    line = [(text, "text") for text in texts]
    shorter = cut(line, width)
    assert sum(cell_width(text) for text, _ in shorter) <= width
    assert (shorter == line) or shorter[-1][0].endswith("…")


@given(st.text(st.sampled_from("ab c"), max_size=80), st.integers(25, 60), st.integers(0, 30))
def test_laid_lines_fit_and_lose_no_word(text: str, width: int, hang: int) -> None:
    lines = list(laid([("head ", "muted"), (text, "text")], width, hang))
    assert all(sum(len(t) for t, _ in line) <= width for line in lines[1:])
    if max(map(len, text.split()), default=0) < 20:
        assert _words(lines) == ["head", *text.split()]
