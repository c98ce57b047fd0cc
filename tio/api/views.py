"""Views that were given of a symbol's way, kept and held against what its price did."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Request, word


class ViewOutcome(StrEnum):
    """What became of a view."""

    waiting = "waiting"
    held = "held"
    failed = "failed"
    unscored = "unscored"
    """Its bars never came, or it had no range to be measured by."""


class GivenView(msgspec.Struct, frozen=True, kw_only=True):
    """A view that `by`, a model's name or `rules`, gave: `bias` −2 to 2 over `days` sessions.

    `price` is that of the moment; `reference_close` and `reference_day` are of the newest day that
    was over then, `atr` its mean true range of 14 days. `due` is the close of the last session.
    `stated` is the confidence a model claims for itself, 0 to 1; `confidence` is computed. `base`
    is the share of all such spans of the year before in which the price went that way, None of
    fewer than 30. `chat` and `message` say where it was given, "" once
    that was deleted. `move` is in percent, `move_atr` in
    ATR, above zero where the price rose; `end_price` is the last close. `waits` says why a view
    that is due is not scored yet, or why it never will be.
    """

    id: str = ""
    symbol: str
    by: str
    given: datetime
    price: float
    reference_close: float
    reference_day: datetime
    atr: float | None = None
    bias: Annotated[int, Meta(ge=-2, le=2)]
    days: Annotated[int, Meta(ge=1, le=250)]
    due: datetime
    stated: float | None = None
    confidence: float | None = None
    base: float | None = None
    chat: str = ""
    message: str = ""
    reason: str = ""
    outcome: ViewOutcome = ViewOutcome.waiting
    scored_at: datetime | None = None
    end_price: float | None = None
    move: float | None = None
    move_atr: float | None = None
    waits: str = ""


class ViewBy(StrEnum):
    """What views are told apart by in a record."""

    author = "author"
    symbol = "symbol"
    bias = "bias"
    horizon = "horizon"


class ViewRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What scored views prove: `hits` of `n` held, of `views` given.

    `rate` has its exact 95 % interval, which takes views for independent; `apart` counts those that
    do not overlap another of their symbol. `baseline` is the mean `base`: what saying the same at
    any time would have reached. `mean_move` is in ATR the way a view said, without neutral ones;
    `stated` the mean confidence models claimed. The first record of an answer is of all, `name` "".
    """

    name: str
    views: int
    n: int
    apart: int = 0
    hits: int = 0
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    mean_move: float | None = None
    stated: float | None = None
    note: str = ""


@word()
class ListViews(Request[tuple[GivenView, ...]], frozen=True):
    """Views the analyst gave you, newest first: of one symbol, of one author, where told."""

    symbol: Annotated[str, Meta(max_length=64)] = ""
    by: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 200


@word(tool=True)
class GetViewRecord(Request[tuple[ViewRecord, ...]], frozen=True):
    """How often the analyst's views held, beside how often saying the same always would have."""

    by: ViewBy = ViewBy.author
