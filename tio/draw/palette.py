"""The house colours by name, without anything that shows them: screens, SVG and terminals do."""

from __future__ import annotations

from collections.abc import Mapping

INKS = (
    "ground",
    "bar",
    "selected",
    "text",
    "muted",
    "quiet",
    "accent",
    "rise",
    "fall",
    "rise-dim",
    "fall-dim",
    "blue",
    "violet",
    "area",
    "flash-rise",
    "flash-fall",
    "fade-rise",
    "fade-fall",
    "band",
    "profile",
    "profile-value",
)
"""The names of the colours a palette gives."""

Palette = Mapping[str, str]
"""A colour for each ink: `#rrggbb`, or `ansi_green` of the terminal's own sixteen."""

SWAPPED = {
    "rise": "fall",
    "fall": "rise",
    "rise-dim": "fall-dim",
    "fall-dim": "rise-dim",
    "flash-rise": "flash-fall",
    "flash-fall": "flash-rise",
    "fade-rise": "fade-fall",
    "fade-fall": "fade-rise",
}
"""The inks that change places where a rise is red."""

# The pens of tio.draw that are an ink on a ground of their own.
_PENS = {"none": "text", "marker_rise": "rise", "marker_fall": "fall", "marker": "accent"}


def ink_of(pen: str) -> str:
    """The ink a pen writes with."""
    return _PENS.get(pen, pen.replace("_", "-"))


def ground_of(pen: str) -> str:
    """The ink a pen paints grounds with; `none` is the surface's own."""
    return "ground" if pen == "none" else ink_of(pen)


def rise_is_red(palette: Palette) -> Palette:
    """The palette with the colours of rise and fall swapped, as in Tokyo or Shanghai."""
    return {ink: palette[SWAPPED.get(ink, ink)] for ink in palette}


def _palette(colours: str) -> dict[str, str]:
    return dict(zip(INKS, colours.split(), strict=True))


# In the order of INKS.
PALETTES: dict[str, Palette] = {
    "dark": _palette(
        "#0d1117 #161d28 #1c2634 #c9d1d9 #6e7a8a #232b36 #f0b45b #4fc08d #e5636a #2f6b52 #7c3a40"
        " #6cb0f5 #b58df0 #17304a #1f5a43 #6e2f35 #163629 #3d2025 #131e2d #232b36 #17304a"
    ),
    "light": _palette(
        "#fbfaf7 #ece9e1 #e4e0d4 #24292f #6a727c #d6d2c8 #9a6100 #14804a #c02b38 #93c7ab #e3a4a8"
        " #0b62c4 #7a45c9 #d5e4f5 #a9dcc0 #f2b8bb #d8efe2 #f8dfe0 #eaf0f6 #d6d2c8 #d5e4f5"
    ),
    "colour-blind": _palette(
        "#0d1117 #161d28 #1c2634 #c9d1d9 #6e7a8a #232b36 #e8d25b #5aa9f2 #f08c3c #2b5680 #80502a"
        " #56c7c7 #b58df0 #17304a #1f4a73 #70441f #162c42 #3d2a1a #131e2d #232b36 #17304a"
    ),
    "16-colours": _palette(
        "ansi_default ansi_default ansi_bright_black ansi_default ansi_bright_black"
        " ansi_bright_black"
        " ansi_yellow ansi_green ansi_red ansi_green ansi_red ansi_blue ansi_magenta ansi_blue"
        " ansi_bright_black ansi_bright_black ansi_default ansi_default ansi_default ansi_default"
        " ansi_default"
    ),
}
"""By the names of the themes."""
