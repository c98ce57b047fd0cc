"""The analyst on the Desk: reports not yet read, runs that failed, the last chats."""

from datetime import timedelta
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content

from tio.api.chats import Chat, GetChat, ListChats
from tio.api.contract import Engine, Request
from tio.api.errors import TioError
from tio.api.schedules import (
    DeleteReport,
    KeptReport,
    MarkReport,
    Reports,
    Schedule,
    Schedules,
)
from tio.draw.table import cell_width, fit
from tio.screens.actions import bindings
from tio.screens.following import follow, in_words
from tio.screens.questions import Question
from tio.screens.shown_portfolio import DISCREET
from tio.screens.widgets.report_rows import Looks, SharedChat, coming, nothing, rows_of
from tio.screens.widgets.table_lines import TableLines

PART = 9
"""Rows of the screen for each row shown."""
CHATS = 3
PAST = "Reports are made now; NOW goes back to it."
WEEK = timedelta(days=7)


class ReportsPane(TableLines):
    """Follows reports and schedules while the Desk is shown; enter opens what one stands on."""

    scope = "reports"
    BINDINGS: ClassVar[list[BindingType]] = bindings("reports")

    def on_mount(self) -> None:
        super().on_mount()
        self._reports: tuple[KeptReport, ...] = ()
        self._schedules: tuple[Schedule, ...] = ()
        self._chats: tuple[SharedChat, ...] = ()
        self._told = False
        self._wrong = ""
        self._tell()

    def start(self, engine: Engine) -> None:
        self.run("chats", self._ask_chats, engine)
        if self.stage.as_of is not None:
            self._reports = self._schedules = ()
            self._say(PAST)
            return
        self.run("reports", follow, engine, Reports(), self._take_reports, self._say)
        self.run("schedules", follow, engine, Schedules(), self._take_schedules, self._say)

    def _take_reports(self, reports: tuple[KeptReport, ...], snapshot: bool) -> None:
        self._reports, self._told, self._wrong = reports, True, ""
        self._tell()

    def _take_schedules(self, schedules: tuple[Schedule, ...], snapshot: bool) -> None:
        self._schedules = schedules
        self._tell()

    async def _ask_chats(self, engine: Engine) -> None:
        """The last chats, each with how much of its last answer is verified."""
        try:
            chats = await engine.ask(ListChats(limit=CHATS))
            found = [await _shared(engine, chat) for chat in chats]
        except TioError:
            return  # The reports are shown all the same.
        self._chats = tuple(found)
        self._tell()

    def _say(self, words: str) -> None:
        """Words in place of rows."""
        self._wrong = words
        self._tell()

    def _tell(self) -> None:
        if self.stage.paint is None or not self.is_mounted:
            return
        looks = self._looks
        rows = rows_of(self._reports, self._schedules, self._chats, looks)
        if self._wrong and not self._reports:
            ink = "muted" if self._wrong == PAST else "fall"
            rows.insert(0, ([(self._wrong, ink)], None))
        elif not rows:
            words = nothing(self._schedules, looks) if self._told else [[("Waiting …", "muted")]]
            rows = [(line, None) for line in words]
        new = sum(not each.read for each in self._reports)
        self.set_class(not new, "-quiet")
        most = max(self.screen.size.height // PART, 1) if self.screen.size.height >= 30 else 1
        self.styles.height = min(len(rows), most) + 2
        self.can_focus = any(thing is not None for _, thing in rows) and self.display
        self.show_table([], rows)
        self.border_title = Content(" · ".join(["analyst", *([f"{new} new"] if new else [])]))
        self.border_subtitle = Content(self._coming(looks))

    @property
    def lit(self) -> int | None:
        """On the Desk the watchlist has a lit line of its own."""
        return self.cursor if self.has_focus else None

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _coming(self, looks: Looks) -> str:
        """What is made, or is due, next."""
        running = [each.name for each in self._schedules if each.running]
        if running:
            return f"{running[0]} is being made"
        due = coming(self._schedules)
        if due is None or due.next is None:
            return ""
        at = due.next.astimezone(looks.zone)
        far = due.next - looks.now >= WEEK
        told = f"next {at:%-d %b} " if far else f"next {at:%a %H:%M} "
        return told + fit(due.name, min(cell_width(due.name), max(looks.width - 20, 8)))

    @property
    def _looks(self) -> Looks:
        hidden = self.stage.recall(DISCREET, "off") == "on"
        # A column is left to the scrollbar.
        return Looks(self.size.width - 3, self.stage.clock.now(), self.stage.zone, hidden)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def on_show(self) -> None:
        self._tell()

    def on_hide(self) -> None:
        self._tell()

    def repaint(self) -> None:
        super().repaint()
        self._tell()

    def action_open(self) -> None:
        match self.chosen:
            case KeptReport() as kept:
                from tio.screens.kept_report import KeptReportScreen

                self.app.push_screen(KeptReportScreen(kept))
            case Chat() as chat:
                from tio.screens.kept_report import open_chat

                open_chat(self.stage, chat.id)
            case Schedule(last=last) if last is not None:
                self.stage.say(f"{last.end.value.capitalize()}: {last.reason}", "fall")

    def action_mark(self) -> None:
        chosen = self.chosen
        if isinstance(chosen, KeptReport):
            self._write(MarkReport(chosen.id, not chosen.read))

    def action_delete(self) -> None:
        chosen = self.chosen
        if not isinstance(chosen, KeptReport):
            self.stage.say("Here is no report to delete; 8 shows chats.", "fall")
            return

        def answered(text: str | None) -> None:
            if text is not None and text.strip().lower() in ("y", "yes"):
                self._write(DeleteReport(chosen.id))

        self.app.push_screen(Question(f"Delete {chosen.title[:40]!r} for good? y or n"), answered)

    def action_discreet(self) -> None:
        hidden = self.stage.recall(DISCREET, "off") == "on"
        self.stage.remember(DISCREET, "off" if hidden else "on")
        self._tell()

    def _write(self, word: Request[KeptReport]) -> None:
        if self.stage.engine is not None:
            self.run("write", self._written, self.stage.engine, word)

    async def _written(self, engine: Engine, word: Request[KeptReport]) -> None:
        try:
            await engine.ask(word)
        except TioError as error:
            self.stage.say(in_words(error), "fall")


async def _shared(engine: Engine, chat: Chat) -> SharedChat:
    whole = await engine.ask(GetChat(chat.id, last=1))
    grounded = whole.messages[-1].grounded if whole.messages else None
    return SharedChat(chat, None if grounded is None else grounded.share)
