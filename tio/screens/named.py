"""The instrument a typed word means."""

from tio.api.contract import Engine
from tio.api.errors import NotFound
from tio.api.market import Instrument, SearchInstruments


async def named(engine: Engine, word: str, *, sources: bool = True) -> Instrument:
    """The instrument of that symbol or alias; NotFound, with what is near it."""
    word = word.upper()
    found = await engine.ask(SearchInstruments(query=word, limit=8, sources=sources))
    for each in found:
        if word in (each.symbol, *each.aliases):
            return each
    near = ", ".join(each.symbol for each in found[:4])
    raise NotFound(f"no source knows {word[:40]}", f"Near it: {near}." if near else "")
