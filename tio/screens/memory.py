"""The settings in use: the file's, over them what the screens remembered in the engine."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tio.api.clean import clean
from tio.api.system import Setting
from tio.screens.themes import THEME_NAMES


@dataclass(frozen=True, slots=True)
class Fact:
    """A setting: its value, its origin (default, file, screen), what it can be set to here."""

    key: str
    value: str
    origin: str
    help: str
    choices: tuple[str, ...] = ()


CHANGEABLE: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "ui.theme": ("dark", "the colours", THEME_NAMES),
    "ui.flash": ("on", "prices flash when they change", ("on", "off")),
    "ui.rise_is_red": ("off", "red means up", ("off", "on")),
    "ui.time_zone": (
        "local",
        "the zone of every time shown",
        ("local", "UTC", "America/New_York", "Europe/London", "Europe/Vienna", "Asia/Tokyo"),
    ),
}
"""By key: the default, a word about it, the choices."""
ONLY: Mapping[str, tuple[str, ...]] = {
    "chart.type": ("candles", "hollow", "heikin-ashi", "bars", "line", "area"),
    "chart.scale": ("linear", "log", "percent"),
    "chart.volume": ("on", "profile", "both", "off"),
    "chart.hours": ("extended", "regular"),
    "chart.levels": ("on", "off"),
    "chart.marks": ("on", "off"),
    "portfolio.discreet": ("off", "on"),
}
"""What else is remembered can only be one of these."""


class Memory:
    """`file`: the changeable settings as config.toml says them; `rest` is only shown."""

    def __init__(self, file: Mapping[str, str], rest: Iterable[Fact] = ()) -> None:
        self.kept: dict[str, str] = {}
        self._file = dict(file)
        self._rest = tuple(rest)

    def take(self, settings: Iterable[Setting]) -> None:
        """What the engine remembers; a value that is no JSON text is left out."""
        for each in settings:
            text = _text(each.value)
            if text is not None:
                self.kept[each.key] = text

    def now(self, key: str, fallback: str = "") -> str:
        """The value in use; one remembered that is no choice any more counts for nothing."""
        default, _, choices = CHANGEABLE.get(key, (fallback, "", ONLY.get(key, ())))
        kept = self.kept.get(key)
        if kept is not None and (not choices or kept in choices):
            return kept
        return self._file.get(key, default)

    def origin(self, key: str) -> str:
        if key in self.kept and self.now(key) == self.kept[key]:
            return "screen"
        return "default" if self._file.get(key) == CHANGEABLE[key][0] else "file"

    def forget(self, key: str) -> None:
        self.kept.pop(key, None)

    def facts(self) -> tuple[Fact, ...]:
        """All settings, those that can be changed here first."""
        changeable = (
            Fact(key, self.now(key), self.origin(key), help, choices)
            for key, (_, help, choices) in CHANGEABLE.items()
        )
        return (*changeable, *self._rest)


def as_json(value: str) -> str:
    """A setting's text as the engine keeps it."""
    return json.dumps(value)


def _text(value: str) -> str | None:
    try:
        text = json.loads(value)
    except ValueError:
        return None
    return clean(text, prose=True) or None if isinstance(text, str) else None
