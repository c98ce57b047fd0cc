"""An SVG is well-formed whatever was drawn, and shapes stand where cells do."""

from xml.etree import ElementTree

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.draw.canvas import Canvas, Pen
from tio.draw.palette import PALETTES
from tio.draw.svg import svg

DARK = PALETTES["dark"]


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.encode())


def named(root: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return list(root.iter("{http://www.w3.org/2000/svg}" + tag))


def test_words_title_and_source_are_texts() -> None:
    canvas = Canvas(20, 3)
    canvas.put(2, 1, "RSI 14", Pen.violet, bold=True)
    root = parsed(svg(canvas, title="AAPL 1d", source="yahoo, delayed"))
    texts = {text.text: text for text in named(root, "text")}
    assert set(texts) == {"RSI", "14", "AAPL 1d", "yahoo, delayed"}
    assert texts["RSI"].get("fill") == DARK["violet"]
    assert texts["RSI"].get("font-weight") == "bold"
    assert texts["RSI"].get("x") == "20"
    assert named(root, "title")[0].text == "AAPL 1d"


def test_markup_in_words_is_text() -> None:
    canvas = Canvas(30, 1)
    canvas.put(0, 0, "<b>&'\"")
    root = parsed(svg(canvas, title="<script>alert(1)</script>", source="a & b"))
    assert not named(root, "script")
    assert "<b>&'\"" in [text.text for text in named(root, "text")]
    assert "a & b" in [text.text for text in named(root, "text")]


def test_a_block_is_a_box_of_its_eighths_in_its_colour() -> None:
    canvas = Canvas(3, 2)
    canvas.put(1, 1, "▂", Pen.rise)
    root = parsed(svg(canvas))
    (path,) = named(root, "path")
    assert path.get("fill") == DARK["rise"]
    assert path.get("d") == "M10 35h10v5h-10z"


def test_a_column_of_blocks_is_one_box() -> None:
    canvas = Canvas(1, 4)
    for row in range(4):
        canvas.put(0, row, "█", Pen.fall)
    (path,) = named(parsed(svg(canvas)), "path")
    assert path.get("d") == "M0 0h10v80h-10z"


def test_reversed_cells_swap_ink_and_ground() -> None:
    canvas = Canvas(3, 1)
    canvas.put(0, 0, "1.5", Pen.marker_fall, reverse=True)
    root = parsed(svg(canvas))
    assert [path.get("fill") for path in named(root, "path")] == [DARK["fall"]]
    assert named(root, "text")[0].get("fill") == DARK["ground"]


def test_neighbouring_dots_are_strokes_and_a_lone_one_is_a_dot() -> None:
    canvas = Canvas(4, 1)
    canvas.put(0, 0, "⠉⠉⠁⠄", Pen.blue)
    (path,) = named(parsed(svg(canvas)), "path")
    assert path.get("stroke") == DARK["blue"]
    assert path.get("d") == "M2.5 2.5l20 0M32.5 12.5l0 0"


def test_a_falling_line_is_one_chain_of_strokes() -> None:
    canvas = Canvas(2, 1)
    canvas.put(0, 0, "⠑⢄", Pen.blue)
    (path,) = named(parsed(svg(canvas)), "path")
    assert path.get("d") == "M2.5 2.5l5 5M7.5 7.5l5 5M12.5 12.5l5 5"


def test_four_dots_in_a_square_are_filled() -> None:
    canvas = Canvas(1, 1)
    canvas.put(0, 0, "⠛", Pen.blue)
    lines, mass = named(parsed(svg(canvas)), "path")
    assert lines.get("d") == "M2.5 2.5l5 0M2.5 2.5l0 5M2.5 7.5l5 0M7.5 2.5l0 5"
    assert mass.get("d") == "M2.5 2.5h5v5h-5z"


def test_the_light_palette_is_light() -> None:
    root = parsed(svg(Canvas(1, 1), PALETTES["light"]))
    assert named(root, "rect")[0].get("fill") == PALETTES["light"]["ground"]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.integers(0, 2), st.sampled_from(list(Pen)))
def test_any_text_gives_a_well_formed_picture(text: str, title: str, x: int, pen: Pen) -> None:
    canvas = Canvas(24, 2)
    canvas.put(x, 0, text.encode("utf-8", "replace").decode(), pen, reverse=bool(x))
    title = title.encode("utf-8", "replace").decode()
    parsed(svg(canvas, title=title, source=title))


def test_all_glyphs_of_charts_are_shapes() -> None:
    canvas = Canvas(30, 1)
    canvas.put(0, 0, "▁▂▃▄▅▆▇█│╷╵║─┬┴┼━┯┷┿┈┄┊┆·░▐", Pen.rise)
    assert not named(parsed(svg(canvas)), "text")
    assert np.count_nonzero(canvas.glyph != 0x20) == 27
