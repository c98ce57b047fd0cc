"""A canvas cuts what does not fit, keeps wide characters whole and merges what looks alike."""

from hypothesis import given
from hypothesis import strategies as st

from tio.draw.canvas import PENS, Canvas, Pen, look
from tio.draw.table import cell_width


def test_text_lands_where_it_is_put() -> None:
    canvas = Canvas(6, 2)
    assert canvas.put(1, 1, "abc", Pen.accent) == 4
    assert canvas.text() == ["      ", " abc  "]


def test_text_is_cut_at_both_borders() -> None:
    canvas = Canvas(4, 1)
    canvas.put(-2, 0, "abcdefgh")
    assert canvas.text() == ["cdef"]


def test_a_wide_character_that_fits_half_is_left_out() -> None:
    canvas = Canvas(4, 1)
    canvas.put(0, 0, "a日本")
    assert canvas.text() == ["a日 "]
    canvas.put(-1, 0, "日b")
    assert canvas.text()[0].startswith(" b")


def test_writing_outside_changes_nothing() -> None:
    canvas = Canvas(3, 1)
    for x, y in ((0, 1), (0, -1), (3, 0), (-9, 0)):
        canvas.put(x, y, "abc")
    assert canvas.text() == ["   "]


def test_neighbours_of_one_look_are_one_run() -> None:
    canvas = Canvas(9, 1)
    canvas.put(0, 0, "ab cd", Pen.rise)
    canvas.put(6, 0, "x", Pen.fall, Pen.area, bold=True)
    assert canvas.rows() == [
        [
            ("ab cd ", look(Pen.rise)),
            ("x", look(Pen.fall, Pen.area, bold=True)),
            ("  ", look(Pen.fall)),
        ]
    ]


def test_characters_the_canvas_uses_itself_are_replaced() -> None:
    canvas = Canvas(4, 1)
    canvas.put(0, 0, "a\0b\uffff")
    assert canvas.text() == ["a b\ufffd"]
    assert canvas.rows()[0][0][0] == "a b\ufffd"


def test_a_full_block_is_shown_as_a_reversed_space() -> None:
    canvas = Canvas(3, 1)
    canvas.put(1, 0, "█", Pen.rise)
    assert canvas.text() == [" █ "]
    assert canvas.rows()[0][1] == (" ", look(Pen.rise, reverse=True))
    assert canvas.blocks()[0].tolist() == [False, True, False]


def test_every_look_comes_back_as_it_was_drawn() -> None:
    canvas = Canvas(1, 1)
    for ink in PENS:
        for ground in PENS:
            for bold in (False, True):
                canvas.put(0, 0, "x", ink, ground, bold=bold)
                assert canvas.rows() == [[("x", look(ink, ground, bold=bold))]]
                shown = canvas.rows()[0][0][1]
                assert (shown.ink, shown.ground, shown.bold) == (ink, ground, bold)


def test_only_the_rows_that_look_otherwise_have_changed() -> None:
    before, after = Canvas(4, 5), Canvas(4, 5)
    assert after.changed(before) == []
    after.put(3, 1, "x", Pen.none)
    after.put(0, 3, " ", Pen.none, Pen.area)
    after.put(1, 4, " ", Pen.none, bold=True)
    assert after.changed(before) == [1, 3, 4]
    assert after.changed(Canvas(5, 5)) == [0, 1, 2, 3, 4]


def test_some_rows_are_the_same_alone_as_among_all() -> None:
    canvas = Canvas(6, 4)
    for y in range(4):
        canvas.put(y, y, "日a█", PENS[y + 1], PENS[y + 2])
    every = canvas.rows()
    assert canvas.rows([3, 1]) == [every[3], every[1]]
    assert canvas.rows([]) == []


def test_a_pane_shares_the_cells_of_its_canvas() -> None:
    canvas = Canvas(5, 3)
    pane = canvas.pane(3, 1, 9, 9)
    assert (pane.width, pane.height) == (2, 2)
    pane.put(0, 0, "xyz")
    assert canvas.text() == ["     ", "   xy", "     "]


@given(
    st.integers(0, 12),
    st.integers(0, 3),
    st.lists(
        st.tuples(st.integers(-4, 14), st.integers(-1, 3), st.text("a é日\u0301", max_size=8))
    ),
)
def test_rows_always_have_the_canvas_width(
    width: int, height: int, writes: list[tuple[int, int, str]]
) -> None:
    canvas = Canvas(width, height)
    for x, y, text in writes:
        canvas.put(x, y, text)
    assert len(canvas.rows()) == height
    for runs, line in zip(canvas.rows(), canvas.text(), strict=True):
        assert "".join(text for text, _ in runs) == line
        assert cell_width(line) == width
