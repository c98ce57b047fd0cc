"""The analyst's words: reports on symbols, lists, portfolios and ideas, each figure sourced.

All are written by rules from answers of other words, by sections: one whose words the engine lacks
is left out and appears with them; one that was refused an answer is `unwritten`, with the reason.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Request, word
from tio.api.grounding import CitedFact, Confidence
from tio.api.ideas import IdeaId
from tio.api.market import Symbol
from tio.api.portfolio import PortfolioName
from tio.api.watchlists import Name


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
    """One thing for (`weight` above zero) or against; `weight` is its share of the view.

    What for: a rise of the price, in the check of an idea the idea.
    """

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


@word(tool=True)
class Compare(Request[Report], frozen=True):
    """Symbols side by side: returns, volatility, falls, trend, correlation, what differs.

    `at`: as of that past moment. NotFound for one nobody knows.
    """

    symbols: Annotated[tuple[Symbol, ...], Meta(min_length=2, max_length=8)]
    depth: Depth = Depth.short
    at: datetime | None = None


@word(tool=True)
class MorningBrief(Request[Report], frozen=True):
    """A watchlist as it stands: who moved or crossed what, events ahead, what one holds of it.

    The most worth looking at comes first, with the reason. `at`: as of that past moment, of the
    list as it is now. NotFound.
    """

    watchlist: Name
    at: datetime | None = None


@word(tool=True)
class ExplainMove(Request[Report], frozen=True):
    """Why a price moved: its size, the market or itself, volume, gap, levels, events of the days.

    From the close before `start` to that of `end`, dates, both included; without them the newest
    day. What nothing known explains is said to be so. `at`: as of that past moment. NotFound.
    """

    symbol: Symbol
    start: date | None = None
    end: date | None = None
    at: datetime | None = None


@word(tool=True)
class ReviewPortfolio(Request[Report], frozen=True):
    """A portfolio by rules: worth, day, who contributed, concentration, cash, income, stops.

    `at`: as of that past moment, by closes of days that were over. NotFound.
    """

    portfolio: PortfolioName
    at: datetime | None = None


@word(tool=True)
class ReviewRisk(Request[Report], frozen=True):
    """A portfolio's risk by rules: limits, the worst passed first; tails, stress, correlation."""

    portfolio: PortfolioName


@word(tool=True)
class ReviewJournal(Request[Report], frozen=True):
    """Closed trades by rules: expectancy with how sure it is, what costs most, plans not kept.

    `start` and `end` are dates of opening, both included. NotFound.
    """

    portfolio: PortfolioName
    start: date | None = None
    end: date | None = None


@word(tool=True)
class CheckIdea(Request[Report], frozen=True):
    """An idea card held against evidence: reward, stop, trend, levels, events, size, record.

    Its view is for or against the idea, or unclear, with the reasons. NotFound.
    """

    id: IdeaId
