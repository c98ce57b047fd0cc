"""The words of idea cards: a trade planned before it is made, and what became of the plan.

A card is scored once, at its horizon, by what the bars did after it was written. Prices are exact
decimals; results are told in R, the distance from the planned entry to the planned stop.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, word
from tio.api.market import Side, Symbol, Timeframe
from tio.api.orders import OrderType
from tio.api.portfolio import PortfolioName
from tio.api.risk import Edge
from tio.api.trading import OrderPreview, Setup

IdeaId = Annotated[str, Meta(max_length=40)]
Text = Annotated[str, Meta(max_length=2_000)]
Short = Annotated[str, Meta(max_length=200)]


class IdeaState(StrEnum):
    """Where a card stands; `entered` and `ended` are what quotes showed, the score is by bars."""

    planned = "planned"
    entered = "entered"
    taken = "taken"
    ended = "ended"
    invalidated = "invalidated"
    given_up = "given_up"
    scored = "scored"


class Outcome(StrEnum):
    """How a card ended."""

    target = "target"
    stopped = "stopped"
    invalidated = "invalidated"
    horizon = "horizon"
    never_entered = "never_entered"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a thesis rests on: a fact, its figure, who says so, and of when it is."""

    text: Short
    figure: Short = ""
    source: Short = ""
    as_of: datetime | None = None


class IdeaPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What was planned at `at`; `due` is when it is scored.

    `entry_type` limit: the price was to come back to the entry; stop: to break out to it; None
    where no price was known. `price` is that of the market at `at`. At most one of `quantity`,
    `risk` (money) and `risk_percent` (of equity).
    """

    at: datetime
    side: Side
    entry: Decimal
    stop: Decimal
    targets: tuple[Decimal, ...] = ()
    invalidation: Decimal | None = None
    quantity: Decimal | None = None
    risk: Decimal | None = None
    risk_percent: Decimal | None = None
    horizon: str
    due: datetime
    thesis: str
    evidence: tuple[Evidence, ...] = ()
    setup: str = ""
    entry_type: OrderType | None = None
    price: Decimal | None = None

    @property
    def sign(self) -> int:
        """1 for a buy, −1 for a sale."""
        return 1 if self.side is Side.buy else -1

    @property
    def target(self) -> Decimal | None:
        """The target nearest to the entry: what a bracket takes and the score counts."""
        return min(self.targets, key=lambda price: abs(price - self.entry), default=None)


class IdeaScore(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a card. `mae` and `mfe`: how far it went against it and for it, in R.

    `ambiguous`: one bar held both ends, and the worse was taken. `bars` of `timeframe` from
    `source` were counted, those from `since` to `until` alone.
    """

    outcome: Outcome
    r: float | None = None
    mae: float | None = None
    mfe: float | None = None
    entered_at: datetime | None = None
    entry: Decimal | None = None
    ended_at: datetime | None = None
    exit: Decimal | None = None
    ambiguous: bool = False
    said: str = ""
    since: datetime
    until: datetime
    timeframe: Timeframe
    bars: int
    source: str = ""
    scored_at: datetime


class Idea(msgspec.Struct, frozen=True, kw_only=True):
    """A card. `plans` are all versions of it, the first one first; the last one is scored.

    `entered_at`, `ended_at` and `ended_by` are what quotes showed while tio ran; `waits` says why
    a card that is due is not scored yet.
    """

    id: str = ""
    author: str = ""
    portfolio: str = ""
    symbol: str
    plans: tuple[IdeaPlan, ...]
    entered_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: Outcome | None = None
    taken_at: datetime | None = None
    orders: tuple[str, ...] = ()
    given_up_at: datetime | None = None
    reason: str = ""
    waits: str = ""
    score: IdeaScore | None = None

    @property
    def plan(self) -> IdeaPlan:
        """What is planned now."""
        return self.plans[-1]

    @property
    def first(self) -> IdeaPlan:
        """What was planned first."""
        return self.plans[0]

    @property
    def entered(self) -> bool:
        """Whether its entry was reached, by quotes or by bars."""
        return self.entered_at is not None

    @property
    def open(self) -> bool:
        """Whether it is still to be scored: given up counts where its entry was reached before."""
        return self.score is None and (self.given_up_at is None or self.entered)

    @property
    def state(self) -> IdeaState:
        if self.score is not None:
            return IdeaState.scored
        if self.given_up_at is not None:
            return IdeaState.given_up
        if self.ended_by is Outcome.invalidated:
            return IdeaState.invalidated
        if self.ended_by is not None:
            return IdeaState.ended
        if self.taken_at is not None:
            return IdeaState.taken
        return IdeaState.entered if self.entered else IdeaState.planned


class ListedIdea(msgspec.Struct, frozen=True, kw_only=True):
    """A card and how far the market is from it, in percent of the price now.

    `state` is the card's, `plan` its newest. `r` is what it would bring now, once its entry was
    reached.
    """

    idea: Idea
    state: IdeaState
    price: Decimal | None = None
    to_entry: float | None = None
    to_stop: float | None = None
    to_target: float | None = None
    r: float | None = None


@word(role=Role.trader, effect=Effect.write, tool=True)
class SaveIdea(Request[Idea], frozen=True, kw_only=True):
    """Write a card, or with its `id` change one: both versions are kept.

    Conflict once its entry was reached, it was taken or scored. Each price lies where its side
    says: a buy's stop and invalidation below the entry, its targets above. `horizon` is a time
    from now, 8h, 10d, 3w or 2mo, or a date. At most one of `quantity`, `risk` and `risk_percent`.
    """

    id: IdeaId = ""
    portfolio: PortfolioName
    symbol: Symbol
    side: Side
    thesis: Text
    entry: Decimal
    stop: Decimal
    targets: Annotated[tuple[Decimal, ...], Meta(max_length=5)] = ()
    quantity: Decimal | None = None
    risk: Decimal | None = None
    risk_percent: Decimal | None = None
    invalidation: Decimal | None = None
    horizon: Annotated[str, Meta(min_length=1, max_length=40)] = "10d"
    evidence: Annotated[tuple[Evidence, ...], Meta(max_length=20)] = ()
    setup: Setup = ""


@word(tool=True)
class ListIdeas(Request[tuple[ListedIdea, ...]], frozen=True):
    """Cards, newest first: of one portfolio, in one state, where told."""

    portfolio: Annotated[str, Meta(max_length=60)] = ""
    state: IdeaState | None = None
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 500


@word(tool=True)
class GetIdea(Request[ListedIdea], frozen=True):
    """One card with all its versions; NotFound."""

    id: IdeaId


@word(role=Role.trader, effect=Effect.write)
class CloseIdea(Request[Idea], frozen=True):
    """Give a card up, with a reason; one whose entry was reached is scored all the same."""

    id: IdeaId
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


@word(tool=True)
class PreviewIdea(Request[OrderPreview], frozen=True):
    """The bracket TakeIdea would place now; nothing is placed."""

    id: IdeaId


@word(role=Role.trader, effect=Effect.order)
class TakeIdea(Request[Idea], frozen=True):
    """Place a card's bracket on paper, once: entry as limit or stop by where the price stands.

    It is sized by the card's quantity, else by its risk to the stop, one percent where it tells
    none. Conflict where it was taken, ended or is refused.
    """

    id: IdeaId


class RecordBy(StrEnum):
    """What cards are told apart by in a record."""

    author = "author"
    setup = "setup"
    symbol = "symbol"
    side = "side"


class IdeaRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What scored cards prove: `n` were entered, `cards` is with those that never were.

    `hit_rate` is the share above 0 R with its exact 95 % interval; `mean_r` has Student's, None of
    one card. `edge` from ten results on. The first record of an answer is of all, `name` empty.
    """

    name: str
    cards: int
    n: int
    hit_rate: float | None = None
    hit_low: float | None = None
    hit_high: float | None = None
    mean_r: float | None = None
    low_r: float | None = None
    high_r: float | None = None
    mean_mae: float | None = None
    mean_mfe: float | None = None
    edge: Edge | None = None
    note: str = ""


@word(tool=True)
class GetIdeaRecord(Request[tuple[IdeaRecord, ...]], frozen=True):
    """How cards did that were scored, people's and the analyst's on one table."""

    by: RecordBy = RecordBy.author
    portfolio: Annotated[str, Meta(max_length=60)] = ""
