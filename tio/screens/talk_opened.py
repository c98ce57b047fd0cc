"""What stands behind a place of the talk: the result to be opened, the receipt to be copied."""

from tio.api.chats import ToolUse
from tio.api.grounding import Citation, CitedFact, Unverified
from tio.screens.chat_source import SourceAsked
from tio.screens.widgets.talk_lines import ReportFigure, Thing


def source_of(thing: Thing | None) -> SourceAsked | None:
    """The result something stands on, and where in it."""
    match thing:
        case Citation(facts=(fact, *_)):
            return SourceAsked(fact.call, tuple(each.path for each in thing.facts))
        case ToolUse(result=result) if result:
            return SourceAsked(result)
        case ReportFigure(result=result, fact=fact) if result:
            return SourceAsked(result, value=fact.value)
    return None


def receipt_of(thing: Thing | None) -> str:
    """A figure with its path, value, source and time; "" where none stands."""
    match thing:
        case Citation(facts=(fact, *_)):
            made = f" = {thing.operation}" if thing.operation else ""
            return f"{thing.text}{made} · {fact.path} {fact.value} · {fact.source}{_as_of(fact)}"
        case ReportFigure(fact=fact):
            told = f"{fact.symbol} {fact.path} {fact.value}"
            return f"{told} · {fact.call} {fact.source}{_as_of(fact)}"
    return ""


def why_unverified(one: Unverified) -> str:
    """Why a figure is not verified, and which came nearest."""
    near = f" The nearest found: {one.nearest.value}." if one.nearest else ""
    return f"{one.text} is unverified: {one.why}.{near}"


def _as_of(fact: CitedFact) -> str:
    return f" as of {fact.as_of.isoformat()}" if fact.as_of else ""
