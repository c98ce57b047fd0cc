"""The talk itself: questions, answers as they stream in, every figure opened where one stands."""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from tio.api.chat_events import ChatEvents
from tio.api.chats import (
    Chat,
    ChatMessage,
    ConfirmProposal,
    DismissProposal,
    ProposalState,
    StopAnswer,
    ToolProposal,
)
from tio.api.clean import clean
from tio.api.contract import Engine, Request
from tio.api.errors import TioError
from tio.api.grounding import Unverified
from tio.api.models import ModelState, ModelStates
from tio.screens.actions import bindings
from tio.screens.chat_source import show_source
from tio.screens.following import follow, in_words
from tio.screens.heard_chat import HeardChat
from tio.screens.laid_talk import LaidTalk
from tio.screens.questions import Question
from tio.screens.talk_empty import empty_lines
from tio.screens.talk_opened import receipt_of, source_of, why_unverified
from tio.screens.widgets.drawn import drawn, talk_style, thing_at
from tio.screens.widgets.model_names import short
from tio.screens.widgets.pane import Pane, strip
from tio.screens.widgets.talk_lines import (
    Fold,
    Looks,
    Thing,
    proposal_words,
)

_FRAME = 0.08
"""Seconds between two layings out of an answer that streams."""
_SPIN = "⠋⠙⠸⠴⠦⠇"


class Around(Protocol):
    """The screen a talk stands in."""

    def write_question(self) -> None: ...
    def begin(self) -> None: ...
    def find(self) -> None: ...
    def branch(self) -> None: ...
    def write_out(self) -> None: ...
    def show_list(self) -> None: ...
    def choose_model(self) -> None: ...
    def answered(self) -> None: ...


class TalkPane(Pane):
    """A chat, followed while it is shown; at its end it stays there, scrolled away it holds."""

    scope = "talk"
    BINDINGS: ClassVar[list[BindingType]] = bindings("talk")

    def __init__(self, around: Around, **options: Any) -> None:
        super().__init__(**options)
        self._around = around
        self.chat: Chat | None = None
        self.heard = HeardChat()
        self.models: tuple[ModelState, ...] = ()
        """Who may be asked, rules last; empty until it is known."""
        self.model = ""
        """The whole name of the only one that is asked; "" for all in their order."""
        self._laid = LaidTalk()
        self._unfolded: frozenset[Fold] = frozenset()
        self._line = 0
        self._place = 0
        """The figure one stands on among those of the line."""
        self._following = True
        self._dirty = False
        self._turn = 0
        self._goto = ""

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(_FRAME, self._tick)
        self._entitle()

    def open(self, chat: Chat | None, message: str = "") -> None:
        """Show another chat, or none; at that message where one is named."""
        self.chat, self.heard, self._goto = chat, HeardChat(), message
        self._laid = LaidTalk()
        self._unfolded = frozenset()
        self._following, self._line, self._place = not message, 0, 0
        self._show()
        self.renew()

    def start(self, engine: Engine) -> None:
        self.run("models", follow, engine, ModelStates(), self._told_of_models, self._fail)
        if self.chat is not None:
            self.run("chat", follow, engine, ChatEvents(self.chat.id), self._take, self._fail)

    @property
    def writing(self) -> ChatMessage | None:
        return self.heard.writing

    @property
    def message(self) -> ChatMessage | None:
        """The message the cursor stands in."""
        return self._laid.message(self._line)

    @property
    def things(self) -> list[Thing]:
        """What can be opened in the line under the cursor."""
        found: list[Thing] = []
        for run in self._laid.row(self._line):
            if run.thing is not None and all(run.thing is not each for each in found):
                found.append(run.thing)  # type: ignore[arg-type]
        return found

    @property
    def thing(self) -> Thing | None:
        things = self.things
        return things[min(self._place, len(things) - 1)] if things else None

    def _take(self, told: Sequence[Any], snapshot: bool) -> None:
        before = self.writing
        self.heard.take(told, snapshot)
        if before is not None and self.writing is None:
            self._around.answered()
        if self.heard.ended:
            self.stage.say("This chat was deleted.", "fall")
        if self.writing is None or snapshot:
            self._show()
        else:
            self._dirty = True

    def _told_of_models(self, told: tuple[ModelState, ...], snapshot: bool) -> None:
        self.models = told
        self.refresh()

    def choose(self, model: str) -> None:
        """Ask only that model from now on; "" for all in their order."""
        self.model = model
        self._entitle()
        self.refresh()

    def _fail(self, words: str) -> None:
        self.stage.say(words, "fall")

    def _tick(self) -> None:
        """Lay out what came since the last time; while something is awaited its sign turns."""
        if self.writing is not None and self.stage.flashes:
            self._turn += 1
            self._dirty = True
        waits = self._dirty or not self._laid.whole
        behind = self.scroll_offset.y < self.max_scroll_y
        if behind and self._following and self.writing is not None:
            # A size that changed meanwhile may have come after the last scroll.
            self._to_end()
        if waits and self.is_attached and self.stage.paint is not None:
            self._show()

    def _looks(self) -> Looks:
        sign = _SPIN[self._turn % len(_SPIN)] if self.stage.flashes else "…"
        return Looks(max(self.size.width - 3, 10), self.stage.zone, self._unfolded, sign)

    def _show(self, until: str = "") -> None:
        """Lay out what changed; what one stands on stays where it is on the screen."""
        self._dirty = False
        if self.size.width < 4:
            return
        stood = self.message
        held = "" if stood is None or self._following else stood.id
        was = self._laid.start(held)
        self._laid.lay(self.heard.messages, self._looks(), until or self._goto or held)
        self.virtual_size = Size(self.size.width, self._laid.height)
        now = self._laid.start(self._goto or held)
        if self._goto and now is not None:
            self._line, self._goto = now, ""
            self.scroll_to(y=now, animate=False)
        elif self._following:
            self._line = max(self._laid.height - 2, 0)
            self.call_after_refresh(self._to_end)
        elif now is not None and was is not None and now != was:
            self._line += now - was
            top = self.scroll_offset.y + now - was
            self.scroll_to(y=top, animate=False, immediate=True)
        self._line = min(self._line, max(self._laid.height - 1, 0))
        self._entitle()
        self.refresh()

    def _to_end(self) -> None:
        """To the end, unless somebody went elsewhere meanwhile."""
        if self._following:
            self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)

    def _entitle(self) -> None:
        words = ["analyst"]
        if self.chat is not None:
            words.append(self.chat.title)
            if self.chat.as_of is not None:
                words.append(f"as of {self.chat.as_of.astimezone(self.stage.zone):%d %b %Y %H:%M}")
        if self.model:
            words.insert(1, f"asks {short(self.model)} alone")
        self.border_title = Content(drawn(" · ".join(words)))
        keys = "a ask · enter opens · ←→ figures · y copies"
        if self.writing is not None:
            keys = "esc stops"
        self.border_subtitle = Content(keys if self.size.width > 50 else "? keys")

    def on_resize(self, event: events.Resize) -> None:
        self._show()

    def repaint(self) -> None:
        self._show()

    def render_line(self, y: int) -> Strip:
        if self.stage.paint is None:
            return Strip.blank(self.size.width)
        width, at = self.size.width, y + self.scroll_offset.y
        ground = self.paint.style()
        if not self._laid.height:
            return self._empty(y).adjust_cell_length(width, ground)
        if at >= self._laid.height:
            return Strip.blank(width, ground)
        here = at == self._line and self.has_focus
        lit = self.thing if here else None
        parts = [("▌" if here else " ", self.paint.style("accent"))]
        parts += [
            (
                drawn(run.text),
                talk_style(self.paint, run.ink, lit=lit is not None and run.thing is lit),
            )
            for run in self._laid.row(at)
        ]
        return strip(parts).adjust_cell_length(width, ground)

    def _empty(self, y: int) -> Strip:
        symbol = self.stage.symbol or "AAPL"
        lines = empty_lines(symbol, self.models, self.model)
        at = y - max((self.size.height - len(lines)) // 3, 0)
        if not 0 <= at < len(lines):
            return strip([])
        text, ink = lines[at]
        return self.words(drawn(text)[: self.size.width - 3], ink)

    def _move(self, to: int) -> None:
        """The cursor to a row, which is scrolled into sight."""
        last = max(self._laid.height - 1, 0)
        self._line, self._place = min(max(to, 0), last), 0
        self._following = self._line >= last - 1
        top, height = self.scroll_offset.y, self.size.height
        if self._line < top:
            self.scroll_to(y=self._line, animate=False, immediate=True)
        elif self._line >= top + height:
            self.scroll_to(y=self._line - height + 1, animate=False, immediate=True)
        self.refresh()

    def on_mouse_scroll_up(self) -> None:
        self._following = False

    def on_click(self, event: events.Click) -> None:
        """The cursor there, and what stands there opened."""
        self._move(event.y - 1 + self.scroll_offset.y)
        # The border and the cursor's own column come before what is clicked.
        thing = thing_at(self._laid.row(self._line), event.x - 2)
        places = [place for place, each in enumerate(self.things) if each is thing]
        if places:
            self._place = places[0]
            self.action_open()

    def action_up(self) -> None:
        self._move(self._line - 1)

    def action_down(self) -> None:
        self._move(self._line + 1)

    def action_page_up(self) -> None:
        self._move(self._line - max(self.size.height - 2, 1))

    def action_page_down(self) -> None:
        self._move(self._line + max(self.size.height - 2, 1))

    def action_first(self) -> None:
        self._following = False
        self._show(until=next(iter(self.heard.messages), ""))
        self._move(0)

    def action_last(self) -> None:
        self._move(self._laid.height)

    def action_left(self) -> None:
        self._place = max(self._place - 1, 0)
        self.refresh()

    def action_right(self) -> None:
        self._place = min(self._place + 1, max(len(self.things) - 1, 0))
        self.refresh()

    def action_previous(self) -> None:
        """The message before."""
        self._move(self._laid.before(self._line))

    def action_next(self) -> None:
        self._move(self._laid.after(self._line))

    def action_ask(self) -> None:
        self._around.write_question()

    def action_new(self) -> None:
        self._around.begin()

    def action_find(self) -> None:
        self._around.find()

    def action_branch(self) -> None:
        self._around.branch()

    def action_write_out(self) -> None:
        self._around.write_out()

    def action_model(self) -> None:
        self._around.choose_model()

    def action_chats(self) -> None:
        self._around.show_list()

    def action_open(self) -> None:
        """Open what one stands on: a figure's source, a call's result, what is folded."""
        thing, chat = self.thing, self.chat
        match thing:
            case Fold():
                self.unfold(thing)
            case ToolProposal():
                self._confirm(thing)
            case Unverified():
                self.stage.say(clean(why_unverified(thing)), "fall")
            case _ if chat is not None and (asked := source_of(thing)) is not None:
                show_source(self.stage, chat.id, asked)

    def unfold(self, *folds: Fold) -> None:
        """Show what is folded, fold what is shown."""
        self._unfolded ^= set(folds)
        self._show()

    def _confirm(self, proposal: ToolProposal) -> None:
        message, chat = self.message, self.chat
        if proposal.state is not ProposalState.waiting or message is None or chat is None:
            return
        word = ConfirmProposal(chat.id, message.id, proposal.id)

        def answered(text: str | None) -> None:
            if text and text.strip().lower() in ("y", "yes"):
                self._say(word, f"{proposal.word} is done.")

        words = f"{proposal_words(proposal)}. Do it? y or n"
        self.app.push_screen(Question(words), answered)

    def action_dismiss(self) -> None:
        thing, message, chat = self.thing, self.message, self.chat
        if isinstance(thing, ToolProposal) and message is not None and chat is not None:
            self._say(DismissProposal(chat.id, message.id, thing.id), "It is not done.")

    def stop_answer(self) -> bool:
        """Stop the answer being written; whether there was one."""
        if self.writing is None or self.chat is None:
            return False
        self._say(StopAnswer(self.chat.id), "Stopped.")
        return True

    def leave(self) -> bool:
        return self.stop_answer()

    def _say(self, word: Request[Any], done: str) -> None:
        engine = self.stage.engine
        if engine is not None:
            self.run("say", self._said, engine, word, done)

    async def _said(self, engine: Engine, word: Request[Any], done: str) -> None:
        try:
            await engine.ask(word)
        except TioError as error:
            self.stage.say(in_words(error), "fall")
        else:
            self.stage.say(done, "rise")

    def receipt(self) -> str:
        message = self.message
        return receipt_of(self.thing) or ("" if message is None else message.text)

    def table(self) -> tuple[str, list[Sequence[object]]]:
        rows: list[Sequence[object]] = [("at", "speaker", "made by", "text")]
        rows += [
            (each.at.isoformat(), each.speaker.value, each.made_by, each.text)
            for each in self.heard.messages.values()
        ]
        return self.chat.id if self.chat else "chat", rows
