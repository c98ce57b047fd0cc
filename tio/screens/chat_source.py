"""What a figure stands on: the word as it was asked and its whole answer, at the value cited."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tio.api.chats import GetSource, Source
from tio.api.clean import clean
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.stage import Stage
from tio.screens.widgets.lines import Line, Lines

MOST = 3_000
"""Values that are listed."""


@dataclass(frozen=True)
class SourceAsked:
    """A result of a chat; `paths` are where in it a figure was found, or its `value`."""

    result: str
    paths: tuple[str, ...] = ()
    value: str = ""


def show_source(stage: Stage, chat: str, asked: SourceAsked) -> None:
    """Ask for a result and show it over the screen."""
    if stage.engine is not None:
        stage.background("source", _ask, stage, stage.engine, chat, asked)


async def _ask(stage: Stage, engine: Engine, chat: str, asked: SourceAsked) -> None:
    try:
        source = await engine.ask(GetSource(chat, asked.result))
    except TioError as error:
        stage.say(in_words(error), "fall")
        return
    stage.push_screen(SourceScreen(source, asked))


class SourceLines(Lines):
    """The values of a result, each with its path; those cited are lit."""

    scope = "result"
    hang = 4
    BINDINGS: ClassVar[list[BindingType]] = bindings("result")

    def __init__(self, source: Source, asked: SourceAsked) -> None:
        super().__init__()
        self._source, self._asked = source, asked

    def on_mount(self) -> None:
        super().on_mount()
        rows = list(_rows(_read(self._source.answer)))
        cited = [i for i, (path, value) in enumerate(rows) if self._cited(path, value)]
        first = cited[0] if cited else 0
        begin = max(0, first - MOST // 2)
        shown = rows[begin : begin + MOST]
        lines: list[Line] = [
            [("asked  ", "muted"), (clean(self._source.word), "blue")],
            *self._request(),
            [(f"at     {self._source.at.astimezone(self.stage.zone):%d %b %Y %H:%M:%S}", "muted")],
            [("", "text")],
        ]
        head = len(lines)
        for place, (path, value) in enumerate(shown, begin):
            lit = place in cited
            lines.append(
                [
                    ("› " if lit else "  ", "accent"),
                    (f"{clean(path)}  ", "accent" if lit else "muted"),
                    (value, "text"),
                ]
            )
        if len(rows) > len(shown):
            lines.append([(f"{len(rows) - len(shown):,} more values are not listed", "muted")])
        self.show(lines)
        if cited:
            self.cursor = head + first - begin
            row = max(self.cursor - 6, 0)
            self.call_after_refresh(self.scroll_to, y=row, animate=False)

    def _request(self) -> Iterator[Line]:
        fields = _read(self._source.asked)
        for name, value in fields.items() if isinstance(fields, dict) else ():
            if value not in (None, "", []):
                yield [(f"       {clean(name)}  ", "muted"), (_text(value), "text")]

    def _cited(self, path: str, value: str) -> bool:
        if self._asked.paths:
            return path in self._asked.paths
        return bool(self._asked.value) and value == self._asked.value


class SourceScreen(ModalScreen[None]):
    """A result over the screen; any way out leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "dismiss", "Leave")]

    def __init__(self, source: Source, asked: SourceAsked) -> None:
        super().__init__()
        self._source, self._asked = source, asked

    def compose(self) -> ComposeResult:
        with Vertical(id="told") as box:
            box.border_title = Content(clean(f"{self._source.result} · {self._source.word}"))
            box.border_subtitle = Content("esc leaves")
            yield SourceLines(self._source, self._asked)

    async def action_dismiss(self, result: None = None) -> None:
        self.dismiss()


def _read(text: str) -> Any:
    """What a text says as JSON; itself where it is none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return text


def _rows(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value with its path; entries that have a symbol are named by it."""
    if isinstance(value, dict):
        symbols = value.get("symbols")
        for name, inner in value.items():
            here = f"{path}.{name}" if path else name
            if name != "symbols" and _per_symbol(inner, symbols):
                for symbol, one in zip(symbols, inner, strict=True):  # type: ignore[arg-type]
                    yield from _rows(one, f"{here}[{symbol}]")
            else:
                yield from _rows(inner, here)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            key = inner.get("symbol") or inner.get("key") if isinstance(inner, dict) else None
            yield from _rows(inner, f"{path}[{key or number}]")
        if not value:
            yield path, "none"
    else:
        yield path, _text(value)


def _per_symbol(inner: Any, symbols: Any) -> bool:
    return isinstance(inner, list) and isinstance(symbols, list) and 0 < len(symbols) == len(inner)


def _text(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return clean(value)
    return clean(msgspec.json.encode(value).decode())
