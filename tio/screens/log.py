"""LOG: what the engine wrote down, newest last, followed and filtered."""

from collections import deque
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine
from tio.api.system import Log, LogLine
from tio.screens.actions import BY_ID, bindings, keys_of
from tio.screens.following import follow
from tio.screens.frame import Frame
from tio.screens.questions import Question
from tio.screens.widgets.lines import Line, Lines

MOST = 5_000
TONES = {"error": "fall", "critical": "fall", "warning": "accent", "debug": "muted"}
NARROW = 88
RANKS = {"debug": 0, "info": 1, "warning": 2, "error": 3, "critical": 4}
LEVELS = {"all": 0, "info": 1, "warning": 2, "error": 3}
"""What can be shown, and the least rank of it; a level not of RANKS is shown with everything."""


class LogPane(Lines):
    """At the newest line it stays there; scrolled away it holds still."""

    scope = "log"
    hang = 17
    BINDINGS: ClassVar[list[BindingType]] = bindings("log")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._kept: deque[LogLine] = deque(maxlen=MOST)
        self._needle = ""
        self._level = "all"
        self._following = True

    def on_mount(self) -> None:
        self._tell()

    def start(self, engine: Engine) -> None:
        self.run("log", follow, engine, Log(), self._take, self._fail)

    def _fail(self, words: str) -> None:
        self.stage.say(words, "fall")

    def _take(self, lines: Sequence[LogLine], snapshot: bool) -> None:
        if snapshot:
            self._kept.clear()
        self._kept.extend(lines)
        self._tell()

    def _tell(self) -> None:
        found = self._found()
        nothing = "Nothing fits." if self._kept else "Nothing was logged yet."
        self.show([self._line(x) for x in found] or [[(nothing, "muted")]])
        count = f"{len(found)} of {len(self._kept)}" if self._narrowed else str(len(found))
        words = [
            f"{count} line{'' if count == '1' else 's'}",
            f"{self._key}level: {self._shown_level}",
        ]
        words += [f"with {self._needle}"] if self._needle else []
        words += ["following"] if self._following else ["held · end follows"]
        self.border_title = Content("log")
        self.border_subtitle = Content(" · ".join(words))
        if self._following:
            self.call_after_refresh(self.scroll_end, animate=False)

    @property
    def _narrowed(self) -> bool:
        return bool(self._needle) or self._level != "all"

    @property
    def _key(self) -> str:
        keys = keys_of(BY_ID["log.level"], self.stage.key_changes)
        return f"{keys[0]} " if keys else ""

    @property
    def _shown_level(self) -> str:
        return self._level if self._level in ("all", "error") else f"{self._level} and above"

    def _found(self) -> list[LogLine]:
        """The lines of the level and text asked for."""
        needle, least = self._needle.lower(), LEVELS[self._level]
        return [
            x
            for x in self._kept
            if RANKS.get(x.level.lower(), 0) >= least
            and (not needle or needle in f"{x.level} {x.origin} {x.message}".lower())
        ]

    def _line(self, x: LogLine) -> Line:
        when = x.at.astimezone(self.stage.zone)
        tone = TONES.get(x.level.lower(), "text")
        return [
            (f"{when:%H:%M:%S} ", "muted"),
            (f"{x.level:<8.8}", tone),
            (f"{x.origin} " if self.size.width < NARROW else f"{x.origin:<14.14} ", "blue"),
            (x.message, "text"),
        ]

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def action_up(self) -> None:
        self._following = False
        super().action_up()
        self._tell()

    def action_page_up(self) -> None:
        self._following = False
        super().action_page_up()
        self._tell()

    def on_mouse_scroll_up(self) -> None:
        self._following = False

    def action_follow(self) -> None:
        self._following = True
        self._tell()

    def leave(self) -> bool:
        there, self._needle, self._level = self._narrowed, "", "all"
        self._tell()
        return there

    def action_level(self) -> None:
        levels = list(LEVELS)
        self._level = levels[(levels.index(self._level) + 1) % len(levels)]
        self._tell()

    def action_filter(self) -> None:
        def filtered(text: str | None) -> None:
            if text is not None:
                self._needle = text.strip()
                self._tell()

        self.app.push_screen(Question("Show lines that contain", self._needle), filtered)

    def receipt(self) -> str:
        found = self._found()
        if not found:
            return ""
        line = found[-1]
        return f"{line.at.isoformat()} {line.level} {line.origin} {line.message}"

    def table(self) -> tuple[str, list[Sequence[object]]]:
        rows: list[Sequence[object]] = [("at", "level", "origin", "message")]
        rows += [(x.at.isoformat(), x.level, x.origin, x.message) for x in self._found()]
        return "log", rows


class LogScreen(Frame):
    """The log over the screen one comes from."""

    def body(self) -> ComposeResult:
        yield LogPane()
