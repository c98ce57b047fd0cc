"""The instrument a typed word means."""

from collections.abc import Sequence

from tio.api.contract import Engine
from tio.api.errors import NotFound
from tio.api.market import Instrument, SearchInstruments


async def named(engine: Engine, word: str, *, sources: bool = True) -> Instrument:
    """The instrument a word means; NotFound, with what is near it."""
    word = word.upper()
    found = await engine.ask(SearchInstruments(query=word, limit=8, sources=sources))
    one = meant(word, found)
    if one is not None:
        return one
    near = ", ".join(each.symbol for each in found[:4])
    raise NotFound(f"no source knows {word[:40]}", f"Near it: {near}." if near else "")


def meant(word: str, found: Sequence[Instrument]) -> Instrument | None:
    """The instrument of that symbol or alias, or the only one so called behind a colon."""
    for each in found:
        if word in (each.symbol, *each.aliases):
            return each
    short = [each for each in found if each.symbol.rpartition(":")[2] == word]
    return short[0] if len(short) == 1 else None
