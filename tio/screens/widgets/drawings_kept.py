"""A person's drawings as the engine tells them, and over them what was changed here meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from msgspec.structs import replace

from tio.api.charts import DeleteDrawing, Drawing, RescaleDrawing, SaveDrawing
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.screens.following import in_words
from tio.screens.stage import Stage

MOST = 100
"""Changes that can be undone."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a drawing was and is; None where there was or is none."""

    before: Drawing | None
    after: Drawing | None
    rescaled: bool = False

    @property
    def id(self) -> str:
        drawing = self.after or self.before
        return drawing.id if drawing is not None else ""


class KeptDrawings:
    """Drawings of one symbol; a change stands at once and is saved in the background, in order."""

    def __init__(self, stage: Callable[[], Stage], changed: Callable[[], None]) -> None:
        self._stage, self._changed = stage, changed
        self.symbol = ""
        self._told: tuple[Drawing, ...] = ()
        self._writes: list[Change] = []
        self._done: list[Change] = []
        self._names: dict[str, str] = {}
        self._new = count(1)

    def of(self, symbol: str) -> None:
        """Hold another symbol's."""
        if symbol != self.symbol:
            self.symbol, self._told, self._done = symbol, (), []

    def take(self, told: Sequence[Drawing]) -> None:
        """What the engine tells, all of it."""
        self._told = tuple(told)

    @property
    def shown(self) -> tuple[Drawing, ...]:
        """All of the symbol's, as they will be once everything is saved."""
        found = {self.named(each.id): each for each in self._told}
        for change in self._writes:
            id = self.named(change.id)
            if change.after is None:
                found.pop(id, None)
            elif change.after.symbol == self.symbol:
                found[id] = replace(change.after, id=id)
        return tuple(found.values())

    def get(self, id: str) -> Drawing | None:
        return next((each for each in self.shown if each.id == self.named(id)), None)

    def named(self, id: str) -> str:
        """The id the engine has for one made here or put back."""
        while id in self._names:
            id = self._names[id]
        return id

    def add(self, drawing: Drawing) -> str:
        """Keep a new one; the id it has until the engine gives one."""
        id = f"new {next(self._new)}"
        self._make(Change(None, replace(drawing, id=id)))
        return id

    def put(self, before: Drawing, after: Drawing) -> None:
        if before != after:
            self._make(Change(before, after))

    def delete(self, drawing: Drawing) -> None:
        self._make(Change(drawing, None))

    def rescale(self, drawing: Drawing) -> None:
        """Take the prices proposed after a split; that cannot be undone."""
        fitting = replace(drawing, points=drawing.proposed, suspended="", proposed=())
        self._write(Change(drawing, fitting, rescaled=True))

    def undo(self) -> bool:
        """Take the last change back; whether there was one."""
        if not self._done:
            return False
        last = self._done.pop()
        self._write(Change(last.after, last.before))
        return True

    def _make(self, change: Change) -> None:
        self._done = [*self._done[-MOST + 1 :], change]
        self._write(change)

    def _write(self, change: Change) -> None:
        stage, under_way = self._stage(), bool(self._writes)
        engine = stage.engine
        if engine is None:
            return
        self._writes.append(change)
        if not under_way:
            stage.background(f"drawings {id(self)}", self._keep, engine)
        self._changed()

    async def _keep(self, engine: Engine) -> None:
        """Save changes one after the other: two at once could arrive in either order."""
        while self._writes:
            change = self._writes[0]
            try:
                saved = await self._ask(engine, change)
            except TioError as error:
                self._done = [each for each in self._done if each is not change]
                self._stage().say(f"The drawing is not kept: {in_words(error)}", "fall")
            else:
                self._settle(change, saved)
            finally:
                self._writes.pop(0)
            self._changed()

    async def _ask(self, engine: Engine, change: Change) -> Drawing:
        id, after = self.named(change.id), change.after
        if after is None:
            return await engine.ask(DeleteDrawing(id))
        if change.rescaled:
            return await engine.ask(RescaleDrawing(id))
        kept = "" if change.before is None else id
        return await engine.ask(SaveDrawing(replace(after, id=kept, suspended="", proposed=())))

    def _settle(self, change: Change, saved: Drawing) -> None:
        """Hold what the engine answered until it tells all of them again."""
        if change.before is None and saved.id != self.named(change.id):
            self._names[self.named(change.id)] = saved.id
        told = {each.id: each for each in self._told}
        if change.after is None:
            told.pop(saved.id, None)
        elif saved.symbol == self.symbol:
            told[saved.id] = saved
        self._told = tuple(told.values())
