"""Which report a line of the command line wants, and the word that asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tio.api.analyst import (
    Brief,
    CheckIdea,
    Compare,
    Depth,
    ExplainMove,
    MorningBrief,
    Report,
    ReviewJournal,
    ReviewPortfolio,
    ReviewRisk,
    Workflow,
)
from tio.api.contract import Engine, Request
from tio.api.errors import Invalid
from tio.api.ledger import ListPortfolios
from tio.api.watchlists import ListWatchlists
from tio.screens.grammar import symbol
from tio.screens.named import named
from tio.screens.shown_portfolio import name_shown
from tio.screens.stage import Stage

CODES = {
    "BRIEF": Workflow.brief,
    "WHY": Workflow.why,
    "CMP": Workflow.compare,
    "MORN": Workflow.morning,
    "REVIEW": Workflow.portfolio,
}
OF_SYMBOL = (Workflow.brief, Workflow.why)
OF_PORTFOLIO = (Workflow.portfolio, Workflow.risk, Workflow.journal)
VIEWS = (OF_SYMBOL, OF_PORTFOLIO)
"""Reports of one matter, which take turns."""
MOST = 8


@dataclass(frozen=True)
class ReportAsked:
    """A report wanted of symbols, a list, a portfolio or a card, as typed; of what stands if none.

    `start` and `end` are the days of a move.
    """

    workflow: Workflow
    names: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None

    def another(self) -> "ReportAsked | None":
        """The next report of the same matter, None where there is no other."""
        for views in VIEWS:
            if self.workflow in views:
                at = views.index(self.workflow) + 1
                return ReportAsked(views[at % len(views)], self.names)
        return None


def asked_by(code: str, symbols: Sequence[str], args: Sequence[str]) -> ReportAsked:
    """What a code with symbols before it and words after it wants; Invalid, with an example."""
    workflow = CODES[code]
    match workflow:
        case Workflow.portfolio:
            return _review((*symbols, *args))
        case Workflow.morning:
            return ReportAsked(workflow, _one(code, (*symbols, *args), "list, e.g. MORN main"))
        case Workflow.compare:
            names = (*symbols, *map(symbol, args))
            if len(names) > MOST:
                raise Invalid(f"CMP takes up to {MOST} symbols, were {len(names)}")
            return ReportAsked(workflow, names)
        case Workflow.why:
            days = [day for each in args if (day := _day(each)) is not None]
            rest = [symbol(each) for each in args if _day(each) is None]
            names = _one(code, (*symbols, *rest), "symbol and days, e.g. AAPL WHY 2026-11-17")
            if len(days) > 2:
                raise Invalid("WHY takes a first and a last day", "e.g. AAPL WHY 2026-11-17")
            return ReportAsked(workflow, names, *days)
    names = _one(code, (*symbols, *map(symbol, args)), "symbol, e.g. AAPL BRIEF")
    return ReportAsked(workflow, names)


def _one(code: str, names: tuple[str, ...], what: str) -> tuple[str, ...]:
    if len(names) > 1:
        raise Invalid(f"{code} takes one {what}")
    return names


def _review(words: tuple[str, ...]) -> ReportAsked:
    kinds = {each.value: each for each in OF_PORTFOLIO}
    found = [kinds[word.lower()] for word in words if word.lower() in kinds]
    names = tuple(word for word in words if word.lower() not in kinds)
    if len(names) > 1 or len(found) > 1:
        raise Invalid("REVIEW takes a portfolio, and risk or journal", "e.g. REVIEW risk main")
    return ReportAsked(found[0] if found else Workflow.portfolio, names)


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


async def request_of(asked: ReportAsked, engine: Engine, stage: Stage) -> Request[Report]:
    """The word, with what is shown where nothing is named; Invalid, NotFound."""
    names = asked.names
    match asked.workflow:
        case Workflow.compare:
            return Compare(await _symbols(names, engine, stage), Depth.full)
        case Workflow.morning:
            return MorningBrief(await _list(names, engine))
        case Workflow.portfolio:
            return ReviewPortfolio(await _portfolio(names, engine, stage))
        case Workflow.risk:
            return ReviewRisk(await _portfolio(names, engine, stage))
        case Workflow.journal:
            return ReviewJournal(await _portfolio(names, engine, stage))
        case Workflow.idea:
            return CheckIdea(names[0])
    about = (await named(engine, names[0])).symbol if names else stage.symbol
    if not about:
        raise Invalid("no symbol is chosen", "Choose one in the watchlist, or type AAPL BRIEF.")
    if asked.workflow is Workflow.why:
        return ExplainMove(about, asked.start, asked.end)
    return Brief(about, Depth.full)


async def _symbols(names: Sequence[str], engine: Engine, stage: Stage) -> tuple[str, ...]:
    """Those named, one beside the current symbol, else the first of the list shown."""
    found = [(await named(engine, name)).symbol for name in names]
    if len(found) < 2:
        more = (stage.symbol,) if found else (stage.symbol, *stage.symbols)
        found = [each for each in dict.fromkeys((*found, *more)) if each][:MOST]
    if len(set(found)) < 2:
        raise Invalid("a comparison needs two different symbols", "e.g. AAPL MSFT CMP")
    return tuple(found)


async def _list(names: Sequence[str], engine: Engine) -> str:
    """The list as it is spelled, else the first there is."""
    if names:
        lists = await engine.ask(ListWatchlists())
        spelled = {each.name.lower(): each.name for each in lists}
        return spelled.get(names[0].lower(), names[0])
    found = await engine.ask(ListWatchlists())
    if not found:
        raise Invalid("there is no watchlist yet", "n on the Desk makes one.")
    return found[0].name


async def _portfolio(names: Sequence[str], engine: Engine, stage: Stage) -> str:
    """The portfolio as it is spelled, else the one shown."""
    found = await engine.ask(ListPortfolios())
    if names:
        spelled = {each.name.lower(): each.name for each in found}
        return spelled.get(names[0].lower(), names[0])
    shown = name_shown(found, stage)
    if not shown:
        raise Invalid("there is no portfolio yet", "PORT begins one.")
    return shown


def slash_of(request: Request[Report]) -> str:
    """The same report as a command of the analyst's chat."""
    match request:
        case Brief(symbol=about) | ExplainMove(symbol=about):
            return f"/{'why' if isinstance(request, ExplainMove) else 'brief'} {about}"
        case Compare(symbols=symbols):
            return f"/compare {' '.join(symbols)}"
        case MorningBrief(watchlist=name):
            return f"/morning {name}"
        case ReviewPortfolio(portfolio=name):
            return f"/portfolio {name}"
        case ReviewRisk(portfolio=name):
            return f"/risk {name}"
        case ReviewJournal(portfolio=name):
            return f"/journal {name}"
        case CheckIdea(id=card):
            return f"/idea {card}"
    return ""
