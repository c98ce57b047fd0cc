"""The house colours as Textual themes, and what every drawn thing is painted with."""

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from tio.draw.palette import INKS, PALETTES, SWAPPED, Palette, ground_of, ink_of


def _theme(name: str, named: Palette, *, dark: bool, ansi: bool) -> Theme:
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


THEMES: tuple[Theme, ...] = tuple(
    _theme(name, named, dark=name != "light", ansi=name == "16-colours")
    for name, named in PALETTES.items()
)
THEME_NAMES = tuple(theme.name for theme in THEMES)


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
                variables[f"tio-{SWAPPED.get(ink, ink) if rise_is_red else ink}"]
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
        return self.style(ink_of(ink), ground_of(ground), bold, reverse)
