"""CFG: the settings in use, where each comes from, and those that can be changed here."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.draw.table import fit
from tio.screens.actions import bindings
from tio.screens.frame import Frame
from tio.screens.memory import CHANGEABLE, Fact
from tio.screens.widgets.lines import Line, Lines

NARROW = 88
"""Cells below which what a setting is about stands under the list, that of the one pointed at."""
ORIGINS = {"screen": "accent", "file": "blue", "default": "muted"}


class SettingsPane(Lines):
    """One line a setting; the first ones have choices."""

    scope = "settings"
    BINDINGS: ClassVar[list[BindingType]] = bindings("settings")

    def on_mount(self) -> None:
        self.border_title = Content("settings")
        self.cursor = 1
        self._tell()

    @property
    def _facts(self) -> tuple[Fact, ...]:
        return self.stage.memory.facts()

    def _tell(self) -> None:
        below = "enter changes · delete goes back to the file's"
        if self.size.width < NARROW:
            below = f"{self._facts[(self.cursor or 1) - 1].help} · enter changes"
        self.border_subtitle = Content(below)
        about = "" if self.size.width < NARROW else "ABOUT"
        head: Line = [(f"{'SETTING':<22}{'VALUE':<26}{'FROM':<9}{about}", "muted")]
        self.show([head, *(self._line(fact) for fact in self._facts)])

    def _line(self, fact: Fact) -> Line:
        value = f"‹ {fact.value} ›" if fact.choices else fact.value
        return [
            (fit(fact.key, 21) + " ", "text"),
            (fit(value, 25) + " ", "accent" if fact.choices else "text"),
            (fit(fact.origin, 8) + " ", ORIGINS[fact.origin]),
            (fact.help if self.size.width >= NARROW else "", "muted"),
        ]

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def action_up(self) -> None:
        self._point(-1)

    def action_down(self) -> None:
        self._point(1)

    def _point(self, by: int) -> None:
        self.cursor = min(max((self.cursor or 1) + by, 1), len(self._facts))
        self.scroll_to(y=max(self.cursor - self.size.height + 1, 0), animate=False)
        self._tell()
        self.refresh()

    def action_change(self) -> None:
        self._turn(1)

    def action_change_back(self) -> None:
        self._turn(-1)

    def _turn(self, by: int) -> None:
        fact = self._facts[(self.cursor or 1) - 1]
        if not fact.choices:
            self.stage.say(f"{fact.key} is changed in config.toml: tio config edit", "fall")
            return
        at = fact.choices.index(fact.value) if fact.value in fact.choices else -by
        self._set(fact.key, fact.choices[(at + by) % len(fact.choices)])

    def action_forget(self) -> None:
        fact = self._facts[(self.cursor or 1) - 1]
        if fact.key in CHANGEABLE:
            self._set(fact.key, "")

    def _set(self, key: str, value: str) -> None:
        self.stage.remember(key, value)
        self.stage.dress()
        self._tell()


class SettingsScreen(Frame):
    """The settings over the screen one comes from."""

    def body(self) -> ComposeResult:
        yield SettingsPane()
