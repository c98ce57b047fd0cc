"""What is done to a card from a screen: its bracket told and placed, given up."""

import uuid
from collections.abc import Callable
from typing import Any

from tio.api.contract import Engine, Request
from tio.api.errors import TioError
from tio.api.ideas import CloseIdea, Idea, ListedIdea, PreviewIdea, TakeIdea
from tio.api.trading import OrderPreview
from tio.screens.following import in_words
from tio.screens.questions import Question
from tio.screens.stage import Stage

NONE_CHOSEN = "No card is chosen."


class IdeaActs:
    """Asks the engine; `told` is called with each preview, `done` after each act."""

    def __init__(self, stage: Stage, told: Callable[[], None], done: Callable[[], None]) -> None:
        self._stage = stage
        self._told = told
        self._done = done
        self._key = ""
        self._of = ""
        self.seen: OrderPreview | None = None
        """What placing the card that is stood on comes to, once it was asked for."""

    def take(self, each: ListedIdea | None) -> None:
        """Say what a card's bracket comes to; said and not refused, place it."""
        if each is None:
            self._stage.say(NONE_CHOSEN, "fall")
        elif self.seen is None or self.seen.refused or self._of != each.idea.id:
            self._key, self._of = uuid.uuid4().hex, each.idea.id
            self._background(self._preview, each.idea.id)
        else:
            self.seen = None
            self._background(self._ask, TakeIdea(each.idea.id), self._key)

    def take_back(self) -> bool:
        """Forget the preview; whether there was one."""
        there, self.seen, self._of = self.seen is not None, None, ""
        return there

    def give_up(self, each: ListedIdea | None) -> None:
        """Ask for the reason, then close it."""
        if each is None:
            self._stage.say(NONE_CHOSEN, "fall")
            return
        id = each.idea.id

        def answered(text: str | None) -> None:
            if text and text.strip():
                self._background(self._ask, CloseIdea(id, text.strip()), uuid.uuid4().hex)

        self._stage.push_screen(Question(f"{id} is given up because"), answered)

    def _background(self, work: Any, *args: Any) -> None:
        engine = self._stage.engine
        if engine is None:
            self._stage.say("The engine is not there yet.", "fall")
        else:
            self._stage.background("idea", work, engine, *args)

    async def _preview(self, engine: Engine, id: str) -> None:
        try:
            seen = await engine.ask(PreviewIdea(id))
        except TioError as error:
            self._stage.say(in_words(error), "fall")
            return
        if self._of == id:
            self.seen = seen
            self._told()

    async def _ask(self, engine: Engine, asked: Request[Idea], key: str) -> None:
        try:
            made = await engine.ask(asked, key=key)
        except TioError as error:
            self._stage.say(in_words(error), "fall")
        else:
            orders = f"PAPER {', '.join(made.orders)}" if made.orders else ""
            closed = "is given up; its orders stay" if orders else "is given up"
            taken = isinstance(asked, TakeIdea)
            self._stage.say(f"{made.id}: {orders}" if taken else f"{made.id} {closed}", "rise")
        self._done()
