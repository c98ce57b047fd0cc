"""Questions that begin with `/`: the word each stands for and its fields."""

import difflib
from collections.abc import Callable

from tio.api.chats import SLASH
from tio.api.errors import Invalid

Fields = dict[str, object]


def slash(question: str) -> tuple[str, Fields] | None:
    """The word a `/` question stands for and its fields, None for any other question.

    Invalid where there is no such command, or it is said otherwise.
    """
    if not question.startswith("/"):
        return None
    name, _, rest = question[1:].partition(" ")
    words = rest.split()
    made = _MAKERS.get(name.lower())
    if made is None:
        known = [each.name for each in SLASH]
        near = difflib.get_close_matches(name.lower(), known, 1)
        hint = f"did you mean /{near[0]}?" if near else "there is /" + ", /".join(known)
        raise Invalid(f"there is no command /{name[:40]}", hint)
    fields = made(words)
    if fields is None:
        takes = next(each.takes for each in SLASH if each.name == name.lower())
        raise Invalid(f"/{name.lower()} takes {takes}", f"as `/{name.lower()} {_example(takes)}`")
    return _WORDS[name.lower()], fields


def _symbol(words: list[str]) -> Fields | None:
    return {"symbol": words[0].upper()} if len(words) == 1 else None


def _symbols(words: list[str]) -> Fields | None:
    return {"symbols": [each.upper() for each in words]} if 2 <= len(words) <= 8 else None


def _named(field: str) -> Callable[[list[str]], Fields | None]:
    def made(words: list[str]) -> Fields | None:
        return {field: " ".join(words)} if words else {}

    return made


def _id(words: list[str]) -> Fields | None:
    return {"id": words[0]} if len(words) == 1 else None


def _example(takes: str) -> str:
    return takes.strip("[]").replace(" …", "").replace("SYMBOL SYMBOL", "AAPL MSFT").replace(
        "SYMBOL", "AAPL"
    ).replace("ID", "i3").replace("LIST", "main").replace("NAME", "main")  # fmt: skip


_MAKERS: dict[str, Callable[[list[str]], Fields | None]] = {
    "brief": _symbol,
    "compare": _symbols,
    "why": _symbol,
    "morning": _named("watchlist"),
    "portfolio": _named("portfolio"),
    "risk": _named("portfolio"),
    "journal": _named("portfolio"),
    "idea": _id,
}
_WORDS = {
    "brief": "Brief",
    "compare": "Compare",
    "why": "ExplainMove",
    "morning": "MorningBrief",
    "portfolio": "ReviewPortfolio",
    "risk": "ReviewRisk",
    "journal": "ReviewJournal",
    "idea": "CheckIdea",
}
