"""Paint: what a selection looks like where colours are few."""

import pytest

from tio.draw.palette import INKS
from tio.screens.themes import THEMES, Paint


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("ink", INKS)
def test_a_selection_in_sixteen_colours_is_the_terminals_own_two_swapped(
    ink: str, plain: bool
) -> None:
    sixteen = next(theme for theme in THEMES if theme.name == "16-colours")
    style = Paint(sixteen.variables, plain=plain).style(ink, "selected")
    assert style.reverse
    assert style.color is not None
    assert style.color.is_default
    assert style.bgcolor is not None
    assert style.bgcolor.is_default


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES if theme.name != "16-colours"])
def test_a_selection_in_true_colour_keeps_its_inks(theme: str) -> None:
    variables = next(one for one in THEMES if one.name == theme).variables
    paint = Paint(variables)
    assert paint.style("rise", "selected").color != paint.style("fall", "selected").color
    assert not paint.style("rise", "selected").reverse
