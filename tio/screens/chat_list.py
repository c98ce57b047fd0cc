"""The chats one has, or what a search found in them."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content

from tio.api.chats import (
    Chat,
    ChatFormat,
    ChatHit,
    DeleteChat,
    GetChat,
    ListChats,
    RenameChat,
    SearchChats,
    WriteOutChat,
)
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.draw.table import fit
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.questions import Question
from tio.screens.widgets.drawn import drawn
from tio.screens.widgets.table_lines import Row, TableLines

Open = Callable[[Chat | None, str], None]
"""Shows a chat, at a message where one is named."""


class ChatList(TableLines):
    """Chats, the one that changed last first; `open` shows one."""

    scope = "chats"
    BINDINGS: ClassVar[list[BindingType]] = bindings("chats")

    def __init__(self, open: Open, **options: Any) -> None:
        super().__init__(**options)
        self._open = open
        self._chats: tuple[Chat, ...] | None = None
        self._hits: tuple[ChatHit, ...] = ()
        self._sought = ""
        self.shown = ""
        """The id of the chat that is shown."""

    def on_mount(self) -> None:
        super().on_mount()
        self._tell()

    def start(self, engine: Engine) -> None:
        self.run("chats", self._ask, engine)

    async def _ask(self, engine: Engine) -> None:
        try:
            chats = await engine.ask(ListChats())
            hits = await engine.ask(SearchChats(self._sought)) if self._sought else ()
        except TioError as error:
            self._sought = ""
            self.stage.say(in_words(error), "fall")
            return
        begins = self._chats is None and not self.shown
        self._chats, self._hits = chats, hits
        self._tell()
        if begins and chats:
            self._open(chats[0], "")

    def _tell(self) -> None:
        if self.stage.paint is None or not self.is_mounted:
            return
        width = max(self.size.width - 2, 8)
        rows: list[Row] = []
        if self._sought:
            for hit in self._hits:
                rows.append(([(fit(drawn(hit.title), width), "text")], hit))
                snippet = " ".join(drawn(hit.snippet).split())
                rows.append(([(fit(f"  {snippet}", width), "muted")], None))
        else:
            rows = [(self._line(chat, width), chat) for chat in self._chats or ()]
        if not rows:
            nothing = "Nothing says that." if self._sought else "No chat yet."
            rows = [([(nothing if self._chats is not None else "Waiting …", "muted")], None)]
        self.show_table([], rows)
        self.border_title = Content(drawn(f"found: {self._sought}") if self._sought else "chats")
        self.border_subtitle = Content("esc: all chats" if self._sought else "n new · f find")

    def _line(self, chat: Chat, width: int) -> list[tuple[str, str]]:
        here = chat.id == self.shown
        at = chat.changed.astimezone(self.stage.zone)
        today = at.date() == self.stage.clock.now().astimezone(self.stage.zone).date()
        when = f"{at:%H:%M}" if today else f"{at:%-d %b}"
        mark = "↳ " if chat.origin else ""
        room = max(width - len(when) - 3, 4)
        return [
            ("● " if chat.writing else "› " if here else "  ", "accent"),
            (fit(f"{mark}{drawn(chat.title)}", room), "text" if here else "muted"),
            (f" {when}", "muted"),
        ]

    def again(self, shown: str) -> None:
        """Another chat is shown, or one changed: ask anew."""
        self.shown = shown
        self.renew()

    def search(self, words: str) -> None:
        """Show what is found in all chats; all chats again without words."""
        self._sought, self._hits = words.strip(), ()
        self.renew()

    def leave(self) -> bool:
        there, self._sought = bool(self._sought), ""
        self._tell()
        return there

    def action_open(self) -> None:
        match self.chosen:
            case Chat() as chat:
                self._open(chat, "")
            case ChatHit() as hit:
                self.ask_for(hit.chat, hit.message)

    def ask_for(self, id: str, message: str = "") -> None:
        """Open the chat of that id."""
        engine = self.stage.engine
        if engine is not None:
            self.run("open", self._opened, engine, id, message)

    async def _opened(self, engine: Engine, id: str, message: str) -> None:
        try:
            whole = await engine.ask(GetChat(id, last=1))
        except TioError as error:
            self.stage.say(in_words(error), "fall")
        else:
            self._open(whole.chat, message)

    def action_new(self) -> None:
        self._open(None, "")

    def action_find(self) -> None:
        def answered(text: str | None) -> None:
            if text is not None:
                self.search(text)

        self.app.push_screen(Question("Find in all chats", self._sought), answered)

    def action_rename(self) -> None:
        chat = self._chosen_chat()
        if chat is not None:
            self.app.push_screen(Question("Title", chat.title), partial(self._answered_title, chat))

    def _answered_title(self, chat: Chat, text: str | None) -> None:
        if text and text.strip() and self.stage.engine is not None:
            self.run("change", self._change, self.stage.engine, RenameChat(chat.id, text.strip()))

    def action_delete(self) -> None:
        chat = self._chosen_chat()
        if chat is not None:
            words = f"Delete «{drawn(chat.title[:40])}» for good? y or n"
            self.app.push_screen(Question(words), partial(self._answered_delete, chat))

    def _answered_delete(self, chat: Chat, text: str | None) -> None:
        sure = text is not None and text.strip().lower() in ("y", "yes")
        if sure and self.stage.engine is not None:
            self.run("change", self._change, self.stage.engine, DeleteChat(chat.id))

    async def _change(self, engine: Engine, word: RenameChat | DeleteChat) -> None:
        try:
            chat = await engine.ask(word)
        except TioError as error:
            self.stage.say(in_words(error), "fall")
            return
        if chat.id == self.shown:
            self._open(None if isinstance(word, DeleteChat) else chat, "")
        self.renew()

    def _chosen_chat(self) -> Chat | None:
        return self.chosen if isinstance(self.chosen, Chat) else None

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        super().repaint()
        self._tell()


async def written_out(engine: Engine, chat: Chat, path: str) -> str:
    """A chat as a file's ending wants it: JSON for .json, else Markdown."""
    form = ChatFormat.json if path.endswith(".json") else ChatFormat.markdown
    return await engine.ask(WriteOutChat(chat.id, form))
