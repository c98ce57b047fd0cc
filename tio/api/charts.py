"""The charts' words: drawings kept per symbol, session levels, saved layouts and indicator sets."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, Topic, word
from tio.api.market import Adjustment, Symbol

Name = Annotated[str, Meta(min_length=1, max_length=60)]


class DrawingKind(StrEnum):
    """What is drawn: by two points, but a horizontal and a text by one, a channel by three."""

    trend = "trend"
    ray = "ray"
    horizontal = "horizontal"
    channel = "channel"
    fibonacci = "fibonacci"
    text = "text"

    @property
    def points(self) -> int:
        return {"horizontal": 1, "text": 1, "channel": 3}.get(self.value, 2)


class Point(msgspec.Struct, frozen=True):
    """A place on a chart: a moment and a price."""

    time: datetime
    price: float


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """A person's drawing on one symbol, on every timeframe.

    Its prices are of the `adjusted` basis they were typed in. `suspended` says why it is not drawn
    (a split since), with `proposed` prices that would fit; "" while it stands.
    """

    id: str = ""
    symbol: str
    kind: DrawingKind
    points: tuple[Point, ...]
    text: Annotated[str, Meta(max_length=200)] = ""
    pen: Annotated[str, Meta(max_length=20)] = ""
    adjusted: Adjustment = Adjustment.splits
    made_at: datetime | None = None
    suspended: str = ""
    proposed: tuple[Point, ...] = ()


@word(tool=True)
class ListDrawings(Request[tuple[Drawing, ...]], frozen=True):
    """The caller's drawings on a symbol, or on all; oldest first."""

    symbol: Annotated[str, Meta(max_length=64)] = ""


@word(role=Role.trader, effect=Effect.write)
class SaveDrawing(Request[Drawing], frozen=True):
    """Keep a drawing: a new one without `id`, else the one of that id is replaced."""

    drawing: Drawing


@word(role=Role.trader, effect=Effect.write)
class DeleteDrawing(Request[Drawing], frozen=True):
    """Remove a drawing; the answer is what it was."""

    id: Annotated[str, Meta(min_length=1, max_length=40)]


@word(role=Role.trader, effect=Effect.write)
class RescaleDrawing(Request[Drawing], frozen=True):
    """Take the prices proposed after a split; one that is not suspended is Invalid."""

    id: Annotated[str, Meta(min_length=1, max_length=40)]


@word()
class Drawings(Topic[tuple[Drawing, ...]], frozen=True):
    """All of the caller's drawings on a symbol, again after each change."""

    symbol: Symbol


class SessionLevel(msgspec.Struct, frozen=True):
    """A price traders watch in a session: `name` such as prior_high, `label` such as PDH.

    `since` is from when on it holds; a level still growing (session VWAP, an opening range whose
    time is not over) is `forming`.
    """

    name: str
    label: str
    price: float
    since: datetime
    forming: bool = False


@word(tool=True)
class GetSessionLevels(Request[tuple[SessionLevel, ...]], frozen=True):
    """Levels of the current session, or of the one at `at`, from its bars of one minute.

    prior_high PDH, prior_low PDL, prior_close PDC, premarket_high PMH, premarket_low PML,
    opening_high ORH, opening_low ORL (the first `opening` minutes), session_vwap VWAP,
    weekly_open WO. What cannot be told (no pre-market, no volume) is missing.
    """

    symbol: Symbol
    at: datetime | None = None
    opening: Annotated[int, Meta(ge=1, le=240)] = 30


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """A saved chart layout or indicator set: `content` is JSON text the screens understand."""

    name: str
    kind: str
    content: str
    saved_at: datetime | None = None


Kind = Annotated[str, Meta(pattern="^(layout|indicators)$")]


@word()
class ListLayouts(Request[tuple[Layout, ...]], frozen=True):
    """The caller's saved chart layouts and indicator sets, by kind and name."""

    kind: Annotated[str, Meta(pattern="^(layout|indicators|)$")] = ""


@word(role=Role.trader, effect=Effect.write)
class SaveLayout(Request[Layout], frozen=True):
    """Keep a layout or an indicator set under its name, replacing the one there."""

    name: Name
    kind: Kind
    content: Annotated[str, Meta(max_length=65_536)]


@word(role=Role.trader, effect=Effect.write)
class DeleteLayout(Request[Layout], frozen=True):
    """Remove a saved layout or indicator set; the answer is what it was."""

    name: Name
    kind: Kind
