"""ASK: chats with the analyst: the list, the talk, the line to ask in."""

import asyncio
from pathlib import Path
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input

from tio.api.chats import SLASH, Ask, BranchChat, Chat, Chip, ChipKind, StartChat
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.draw.table import fit
from tio.screens.chat_list import ChatList, written_out
from tio.screens.exporting import write_text
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.path_question import path_question, whole
from tio.screens.stage import Stage, Work, later, stage
from tio.screens.talk import TalkPane
from tio.screens.talk_empty import AUTO, choices, named
from tio.screens.widgets.clean_input import CleanInput
from tio.screens.widgets.drawn import drawn
from tio.screens.widgets.model_names import short
from tio.screens.widgets.pane import strip
from tio.screens.widgets.talk_lines import chip_words

OWN = {
    "new": "begin another chat",
    "search": "WORDS: find them in all chats",
    "branch": "a new chat that begins as this one",
    "export": "the chat to a file, .md or .json",
    "model": "NAME: ask this one alone, auto: all in their order",
    "stop": "stop the answer being written",
    "drop": "let go of what is taken along",
}
"""What the screen itself does; everything else after a `/` is the engine's."""
HISTORY = 100
_MODEL = "/model "


class AskLine(CleanInput):
    """Where a question is written; ↑ brings back those asked before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "go", "Leave"),
        Binding("up", "before", "Before"),
        Binding("down", "after", "After"),
    ]

    def __init__(self, talk: TalkPane) -> None:
        super().__init__(
            suggester=_Commands(talk),
            compact=True,
            placeholder="Ask, or / for commands",
            select_on_focus=False,
        )
        self._asked: list[str] = []
        self._at = 0

    def keep(self, text: str) -> None:
        self._asked = [*(each for each in self._asked if each != text), text][-HISTORY:]
        self._at = len(self._asked)

    def action_go(self) -> None:
        screen = self.screen
        assert isinstance(screen, AnalystScreen)
        if not screen.talk.stop_answer():
            screen.talk.focus()

    def action_before(self) -> None:
        self._recall(-1)

    def action_after(self) -> None:
        self._recall(1)

    def _recall(self, by: int) -> None:
        self._at = min(max(self._at + by, 0), len(self._asked))
        self.value = self._asked[self._at] if self._at < len(self._asked) else ""
        self.cursor_position = len(self.value)


class _Commands(Suggester):
    """The commands that begin as typed; → takes the first."""

    def __init__(self, talk: TalkPane) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._talk = talk

    async def get_suggestion(self, value: str) -> str | None:
        if value.startswith(_MODEL):
            known = (f"{_MODEL}{name}" for name in choices(self._talk.models))
            return next((each for each in known if each.startswith(value)), None)
        if not value.startswith("/") or " " in value:
            return None
        return next((f"/{name}" for name in commands() if f"/{name}".startswith(value)), None)


def commands() -> dict[str, str]:
    """Every `/` command with a word about it."""
    engine = {each.name: f"{each.takes}: {each.help}" for each in SLASH}
    return engine | OWN


class AskHint(Widget):
    """Above the line: what goes with the question, or what a command takes."""

    typed = ""

    def on_mount(self) -> None:
        for name in ("paint", "chips"):
            self.watch(self.app, name, self.repaint, init=False)

    def repaint(self) -> None:
        self.refresh()

    def tell(self, typed: str) -> None:
        self.typed = typed
        self.refresh()

    def render(self) -> RenderResult:
        return ""

    def render_line(self, y: int) -> Strip:
        app, width = stage(self), self.size.width
        if app.paint is None:
            return Strip.blank(width)
        paint = app.paint
        if self.typed.startswith("/"):
            name = self.typed[1:].partition(" ")[0]
            found = [(key, told) for key, told in commands().items() if key.startswith(name)]
            told = "   ".join(f"/{key} {what}" for key, what in found[:4]) or "no such command"
            parts = [(f" {told}", paint.style("muted"))]
        elif app.chips:
            told = drawn(" · ".join(map(chip_words, app.chips)))
            parts = [(" with ", paint.style("muted")), (told, paint.style("accent"))]
        else:
            parts = [(" @ on any screen takes along what you look at", paint.style("muted"))]
        room = [(fit(text, width) if len(text) > width else text, style) for text, style in parts]
        return strip(room).crop(0, width).adjust_cell_length(width, paint.style())


class AnalystScreen(Frame):
    """Chats on the left, the talk beside them, the line to ask in below."""

    tab = "analyst"
    CSS_PATH = "analyst.tcss"

    def body(self) -> ComposeResult:
        self.talk = TalkPane(self)
        self.chats = ChatList(self._open)
        with Horizontal(id="talk"):
            yield self.chats
            with Vertical():
                yield self.talk
                yield AskHint()
                yield AskLine(self.talk)

    def _stand(self) -> None:
        for talk in self.query(TalkPane):
            talk.focus()

    def on_mount(self) -> None:
        super().on_mount()
        for name in ("asking", "engine"):
            self.watch(self.app, name, self._asked_elsewhere, init=False)

    async def furnish(self) -> None:
        await super().furnish()
        self._asked_elsewhere()

    @on(events.ScreenResume)
    def _asked_elsewhere(self) -> None:
        """Take a question of the command line, once there is somebody to be asked."""
        question = self._stage.asking
        if question and self._stage.engine is not None and self.query(TalkPane):
            self._stage.asking = ""
            self.ask(question)

    def write_question(self) -> None:
        self.query_one(AskLine).focus()

    def open_chat(self, id: str) -> None:
        """Show the chat of that id."""
        self.chats.again(id)
        self.chats.ask_for(id)

    def begin(self) -> None:
        """An empty chat, that begins with its first question."""
        self._open(None)

    def find(self) -> None:
        self.chats.action_find()
        self.add_class("-list")
        self.chats.focus()

    def _open(self, chat: Chat | None, message: str = "") -> None:
        """Show a chat, or an empty one that begins with its first question."""
        self.talk.open(chat, message)
        self.chats.again("" if chat is None else chat.id)
        self.remove_class("-list")
        (self.write_question if chat is None else self.talk.focus)()

    @property
    def _stage(self) -> Stage:
        return stage(self)

    def answered(self) -> None:
        """An answer is over: the list tells of it otherwise."""
        self.chats.renew()

    def _work(self, group: str, work: Work, *args: Any) -> None:
        self.run_worker(later(work, *args), group=group, exclusive=True, exit_on_error=False)

    def ask(self, question: str) -> None:
        """Ask in the chat shown, with what was taken along."""
        engine = self._stage.engine
        if engine is None:
            self._stage.say("The engine is not there yet; try again in a moment.", "fall")
            return
        chips, self._stage.chips = self._stage.chips, ()
        self._work("ask", self._ask, engine, question, chips)

    async def _ask(self, engine: Engine, question: str, chips: tuple[Chip, ...]) -> None:
        chat = self.talk.chat
        if not chips and not question.startswith("/") and self._stage.symbol:
            chips = (Chip(kind=ChipKind.symbol, about=self._stage.symbol),)
        try:
            if chat is None:
                title = " ".join(question.split())[:80]
                chat = await engine.ask(StartChat(title, self._stage.as_of))
            await engine.ask(Ask(question, chat.id, chips, self.talk.model))
        except TioError as error:
            self._stage.chips = chips
            self.query_one(AskLine).value = question
            self._stage.say(in_words(error), "fall")
            return
        if self.talk.chat is None or self.talk.chat.id != chat.id:
            self.talk.open(chat)
        self.talk.action_last()
        self.chats.again(chat.id)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one(AskHint).tell(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if not isinstance(event.input, AskLine):
            return
        event.stop()
        text = event.value.strip()
        if not text:
            return
        event.input.keep(text)
        event.input.value = ""
        name, _, rest = text[1:].partition(" ")
        if text.startswith("/") and name in OWN:
            self._own(name, rest.strip())
        else:
            self.ask(text)

    def _own(self, name: str, rest: str) -> None:
        match name:
            case "new":
                self._open(None)
            case "search":
                self.chats.search(rest)
                self.add_class("-list")
                self.chats.focus()
            case "branch":
                self.branch()
            case "export":
                self.write_out()
            case "model":
                self._choose(rest)
            case "stop":
                if not self.talk.stop_answer():
                    self._stage.say("No answer is being written.")
            case "drop":
                self._stage.chips = ()

    def choose_model(self) -> None:
        line = self.query_one(AskLine)
        line.value = _MODEL
        line.cursor_position = len(_MODEL)
        line.focus()

    def _choose(self, text: str) -> None:
        """Ask only the model a text means from now on, or all in their order."""
        models = self.talk.models
        found = [""] if text == AUTO else named(models, text)
        if len(found) == 1:
            self.talk.choose(found[0])
            asked = f"{short(found[0])} alone is asked" if found[0] else "Models are asked in order"
            self._stage.say(f"{asked} from now on.", "rise")
            return
        there = ", ".join(choices(models))
        begin = f"{text[:40]!r} may be several" if found else f"No model is named {text[:40]!r}"
        self._stage.say(f"{begin}; there is {there}." if text else f"There is {there}.", "fall")

    def show_list(self) -> None:
        """The list of chats where it is not in sight, or the talk again."""
        self.toggle_class("-list")
        (self.chats if self.has_class("-list") else self.talk).focus()

    def branch(self) -> None:
        chat, message, engine = self.talk.chat, self.talk.message, self._stage.engine
        if chat is None or message is None or engine is None:
            self._stage.say("There is nothing to branch from.", "fall")
            return
        self._work("branch", self._branched, engine, BranchChat(chat.id, message.id))

    async def _branched(self, engine: Engine, word: BranchChat) -> None:
        try:
            made = await engine.ask(word)
        except TioError as error:
            self._stage.say(in_words(error), "fall")
            return
        self._open(made)
        self.write_question()
        self._stage.say(f"A new chat that begins as {word.id} up to {word.message}.", "rise")

    def write_out(self) -> None:
        """Ask for a file, and write the chat there."""
        chat, engine = self.talk.chat, self._stage.engine
        if chat is None or engine is None:
            self._stage.say("There is nothing here to export.", "fall")
            return

        def named(text: str | None) -> None:
            if text and text.strip():
                self._work("export", self._write, engine, chat, text.strip())

        self.app.push_screen(
            path_question("Write the chat to, .md or .json", f"{chat.id}.md"), named
        )

    async def _write(self, engine: Engine, chat: Chat, text: str) -> None:
        path = whole(text)
        try:
            told = await written_out(engine, chat, path)
            await asyncio.to_thread(write_text, Path(path), told)
        except TioError as error:
            self._stage.say(in_words(error), "fall")
        else:
            self._stage.say(f"chat written to {path}", "rise")
