"""A fake engine that keeps drawings and tells them to all who watch, for tests of the screens."""

from itertools import count

import screen_market as market
from msgspec.structs import replace

from tio.api.charts import (
    DeleteDrawing,
    Drawing,
    Drawings,
    RescaleDrawing,
    SaveDrawing,
)
from tio.api.errors import NotFound

from fakes import FakeEngine


class DrawingBoard:
    """`engine` answers for drawings by what is `kept` here."""

    def __init__(self, *kept: Drawing) -> None:
        self.kept = {each.id: each for each in kept}
        self.engine: FakeEngine = market.engine()
        self._ids = (f"d{number}" for number in count(1))
        self.engine.answers |= {
            SaveDrawing: self._save,
            DeleteDrawing: self._delete,
            RescaleDrawing: self._rescale,
        }
        self.engine.topics[Drawings] = lambda topic: self.of(topic.symbol)

    def of(self, symbol: str) -> tuple[Drawing, ...]:
        return tuple(each for each in self.kept.values() if each.symbol == symbol)

    @property
    def only(self) -> Drawing:
        (drawing,) = self.kept.values()
        return drawing

    def tell(self, symbol: str) -> None:
        """Tell those who watch."""
        for watch in self.engine._watches:
            if isinstance(watch.topic, Drawings) and watch.topic.symbol == symbol:
                watch.queue.put_nowait(self.of(symbol))

    def _save(self, asked: SaveDrawing) -> Drawing:
        drawing = asked.drawing
        if drawing.id and drawing.id not in self.kept:
            return NotFound(f"no drawing {drawing.id!r}")  # type: ignore[return-value]
        saved = replace(drawing, id=drawing.id or next(self._ids), made_at=market.NOW)
        self.kept[saved.id] = saved
        self.tell(saved.symbol)
        return saved

    def _delete(self, asked: DeleteDrawing) -> Drawing:
        if asked.id not in self.kept:
            return NotFound(f"no drawing {asked.id!r}")  # type: ignore[return-value]
        gone = self.kept.pop(asked.id)
        self.tell(gone.symbol)
        return gone

    def _rescale(self, asked: RescaleDrawing) -> Drawing:
        before = self.kept[asked.id]
        after = replace(before, points=before.proposed, proposed=(), suspended="")
        self.kept[asked.id] = after
        self.tell(after.symbol)
        return after
