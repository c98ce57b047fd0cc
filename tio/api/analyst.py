"""The analyst's words: reports on a symbol, every figure with what it stands on."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Request, word
from tio.api.grounding import CitedFact, Confidence
from tio.api.market import Symbol


class Workflow(StrEnum):
    """What a report was made for."""

    brief = "brief"
    compare = "compare"
    morning = "morning"
    why = "why"
    portfolio = "portfolio"
    risk = "risk"
    idea = "idea"
    journal = "journal"


class Depth(StrEnum):
    """The main sections and their first lines, or everything."""

    short = "short"
    full = "full"


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence and the figures in it, each with the word and source that told it."""

    text: str
    figures: tuple[CitedFact, ...] = ()


class ReportSection(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one matter.

    `aligned`: its lines are rows of a table at most 78 columns wide, the heading first, that only
    a fixed width keeps in columns.
    """

    name: str
    title: str
    lines: tuple[ReportLine, ...]
    aligned: bool = False


class UnwrittenSection(msgspec.Struct, frozen=True, kw_only=True):
    """A section that could not be written, and why."""

    name: str
    title: str
    reason: str


class KeyLevel(msgspec.Struct, frozen=True, kw_only=True):
    """A price to watch; `distance` is how far above the price it lies, in daily ATR."""

    name: str
    price: float
    distance: float | None = None


class ViewReason(msgspec.Struct, frozen=True, kw_only=True):
    """One thing for (`weight` above zero) or against a rise; `weight` is its share of the view."""

    text: str
    weight: float


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Which way the evidence leans: `bias` −2 to 2, of `score` −1 to 1.

    `bull` and `bear` are its reasons, the weightiest first; `changes` what would turn it.
    """

    bias: Annotated[int, Meta(ge=-2, le=2)]
    score: float
    bull: tuple[ViewReason, ...] = ()
    bear: tuple[ViewReason, ...] = ()
    changes: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a workflow found; `as_of` is the moment it knows everything up to.

    `about` names what was looked at: symbols, a list, a portfolio, a card. `symbol` and `view` are
    there where one symbol is judged. `marks` say what is simulated, delayed or stale; `unwritten`
    which sections are missing and why. `made_by` is `rules`, or the model that wrote it. `advice`
    says what it is not.
    """

    workflow: Workflow
    title: str
    about: str
    symbol: str = ""
    depth: Depth = Depth.full
    as_of: datetime
    made_by: str
    headline: str
    view: View | None = None
    confidence: Confidence
    sections: tuple[ReportSection, ...] = ()
    levels: tuple[KeyLevel, ...] = ()
    unwritten: tuple[UnwrittenSection, ...] = ()
    marks: tuple[str, ...] = ()
    advice: str = ""


@word(tool=True)
class Brief(Request[Report], frozen=True):
    """A report on one symbol by rules: trend, levels, volatility, volume, events, what one holds.

    `at`: as of that past moment; sections that cannot be bounded by it are left out. NotFound.
    """

    symbol: Symbol
    depth: Depth = Depth.short
    at: datetime | None = None
