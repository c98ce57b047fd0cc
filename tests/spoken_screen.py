"""A terminal that keeps what it is told, what others may write, and what must never reach it."""

import re

from textual.drivers.headless_driver import HeadlessDriver

from tio.app import TioApp

PAYLOADS = (
    "\x1b[7771mred\x1b[7772;7772H",
    "\x1b]0;owned7773\x07\x1b]8;;http://owned\x1b\\",
    "\x1b]52;c;b3duZWQ=\x07",
    "\x9b7774mC1\x9d0;owned\x9c",
    "\x1bP7775q\x1b\\\x1b_G7775\x1b\\",
    "a\x08\x08\x0bb\rc\nd\x00\x7f",
    "\u202eabc\u2066def\u200b\u2028\ufeff",
    "[red]x[/nope][@click=app.quit]y[/] $z {w}",
)
TEXTUALS = re.compile(
    r"\x1b\[[\d;]*[mH]"  # colours and places
    r"|\x1b\[\?(?:25|2026)[hl]"  # cursor, an update as a whole
    r"|\x1b\]22;[a-z]*\x07"  # the shape of the mouse
)
NEVER = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
NUMBERS = re.compile(r"\x1b\[[\d;]*777\d[\d;]*[mH]")


class Spoken(HeadlessDriver):
    """A terminal that keeps what it is told."""

    heard: str = ""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.heard += data


def hearing(app: TioApp) -> TioApp:
    """The app with a terminal that keeps what it is told."""

    def build(headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Spoken:
        app._driver = Spoken(app, debug=False, mouse=mouse, size=size)
        return app._driver

    app._build_driver = build  # type: ignore[method-assign]
    return app


def heard(app: TioApp) -> str:
    assert isinstance(app._driver, Spoken)
    return app._driver.heard


def judge(said: str) -> None:
    """Nothing but what Textual itself says steers the terminal."""
    assert len(said) > 10_000
    assert not NUMBERS.findall(said)
    left = TEXTUALS.sub("", said)
    assert not [left[max(m.start() - 60, 0) : m.end() + 20] for m in NEVER.finditer(left)]
