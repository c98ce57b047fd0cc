"""The house colours as Textual themes, and what every drawn thing is painted with."""

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

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
)
"""The names of the colours a theme must give, after `tio-`."""


def _theme(name: str, dark: bool, colours: str, ansi: bool = False) -> Theme:
    named = dict(zip(INKS, colours.split(), strict=True))
    return Theme(
        name=name,
        primary=named["accent"],
        secondary=named["blue"],
        accent=named["accent"],
        warning=named["accent"],
        error=named["fall"],
        success=named["rise"],
        foreground=named["text"],
        background=named["ground"],
        surface=named["ground"],
        panel=named["bar"],
        dark=dark,
        ansi=ansi,
        variables={f"tio-{ink}": colour for ink, colour in named.items()}
        | {
            "ansi-background": "ansi_black",
            "ansi-foreground": "ansi_white",
            "border-blurred": named["quiet"],
            "input-cursor-background": named["accent"],
            "input-cursor-foreground": named["ground"] if not ansi else "ansi_black",
            "block-cursor-background": named["selected"],
            "block-cursor-foreground": named["text"],
            "scrollbar": named["quiet"],
            "scrollbar-background": named["ground"],
            "scrollbar-hover": named["muted"],
            "scrollbar-active": named["accent"],
        },
    )


# In the order of INKS.
THEMES: tuple[Theme, ...] = (
    _theme(
        "dark",
        True,
        "#0d1117 #161d28 #1c2634 #c9d1d9 #6e7a8a #232b36 #f0b45b #4fc08d #e5636a #2f6b52 #7c3a40"
        " #6cb0f5 #b58df0 #17304a #1f5a43 #6e2f35 #163629 #3d2025",
    ),
    _theme(
        "light",
        False,
        "#fbfaf7 #ece9e1 #e4e0d4 #24292f #6a727c #d6d2c8 #9a6100 #14804a #c02b38 #93c7ab #e3a4a8"
        " #0b62c4 #7a45c9 #d5e4f5 #a9dcc0 #f2b8bb #d8efe2 #f8dfe0",
    ),
    _theme(
        "colour-blind",
        True,
        "#0d1117 #161d28 #1c2634 #c9d1d9 #6e7a8a #232b36 #e8d25b #5aa9f2 #f08c3c #2b5680 #80502a"
        " #56c7c7 #b58df0 #17304a #1f4a73 #70441f #162c42 #3d2a1a",
    ),
    _theme(
        "16-colours",
        True,
        "ansi_default ansi_default ansi_bright_black ansi_default ansi_bright_black"
        " ansi_bright_black"
        " ansi_yellow ansi_green ansi_red ansi_green ansi_red ansi_blue ansi_magenta ansi_blue"
        " ansi_bright_black ansi_bright_black ansi_default ansi_default",
        ansi=True,
    ),
)
THEME_NAMES = tuple(theme.name for theme in THEMES)

_SWAPPED = {
    "rise": "fall",
    "fall": "rise",
    "rise-dim": "fall-dim",
    "fall-dim": "rise-dim",
    "flash-rise": "flash-fall",
    "flash-fall": "flash-rise",
    "fade-rise": "fade-fall",
    "fade-fall": "fade-rise",
}
# The pens of tio.draw that are an ink on a ground of their own.
_PENS = {"none": "text", "marker_rise": "rise", "marker_fall": "fall", "marker": "accent"}


class Paint:
    """Styles by name of ink and ground; `plain` is a terminal without colour."""

    def __init__(
        self, variables: Mapping[str, str], *, rise_is_red: bool = False, plain: bool = False
    ) -> None:
        self.plain = plain
        self.few = variables["tio-ground"] == "ansi_default"
        """A terminal's own sixteen colours: none of them is a ground all others can be read on."""
        self._colours = {
            ink: Color.parse(
                variables[f"tio-{_SWAPPED.get(ink, ink) if rise_is_red else ink}"]
            ).rich_color
            for ink in INKS
        }
        self._styles: dict[tuple[str, str, bool, bool], Style] = {}

    def style(
        self, ink: str = "text", ground: str = "ground", bold: bool = False, reverse: bool = False
    ) -> Style:
        """The Rich style of an ink on a ground."""
        key = (ink, ground, bold, reverse)
        style = self._styles.get(key)
        if style is None:
            # Without colour a selection and a marker must still stand out.
            swap = self.plain and ground in ("selected", "accent", "rise", "fall")
            if self.few and ground == "selected":
                ink, ground, swap = "text", "ground", True
            style = self._styles[key] = Style(
                color=self._colours[ink],
                bgcolor=self._colours[ground],
                bold=bold,
                reverse=reverse != swap,
            )
        return style

    def pen(self, ink: str, ground: str, bold: bool, reverse: bool) -> Style:
        """The style of a run of tio.draw: its pens by their names."""
        under = "ground" if ground == "none" else _PENS.get(ground, ground.replace("_", "-"))
        return self.style(_PENS.get(ink, ink.replace("_", "-")), under, bold, reverse)
