"""What a command line makes the terminal do."""

from collections.abc import Callable

from tio.api.errors import TioError
from tio.api.market import SearchInstruments, Timeframe
from tio.screens.actions import CODES
from tio.screens.following import in_words
from tio.screens.grammar import Command, Question, Unknown, parse
from tio.screens.stage import Stage
from tio.screens.widgets.price_chart import TYPES

NO_ANALYST = "The analyst is not built yet: questions wait for tab 8."


def obey(stage: Stage, line: str, open_code: Callable[[str], None]) -> None:
    """Do what a line says; `open_code` shows what a code opens."""
    match parse(line, CODES):
        case Question():
            stage.say(NO_ANALYST)
        case Unknown() as unknown:
            stage.say(unknown.sentence, "fall")
        case Command(symbols, code, args):
            if len(symbols) > 1:
                stage.say(f"{code or 'A chart'} takes one symbol, were {len(symbols)}", "fall")
                return
            if args and not (code == "GP" and _set_up_chart(stage, args)):
                stage.say(f"{code} does not know {' '.join(args)[:40]}", "fall")
                return
            if symbols:
                stage.background("choose", _choose, stage, symbols[0])
            if code:
                open_code(code)


def _set_up_chart(stage: Stage, args: tuple[str, ...]) -> bool:
    """Timeframes and chart types after GP; False when a word is neither."""
    if not all(word in set(Timeframe) or word in TYPES for word in args):
        return False
    for word in args:
        if word in TYPES:
            stage.remember("chart.type", word)
        else:
            stage.timeframe = Timeframe(word)
    return True


async def _choose(stage: Stage, symbol: str) -> None:
    """Make a symbol the current one, spelled as the engine spells it."""
    engine = stage.engine
    if engine is None:
        stage.say("The engine is not there yet; try again in a moment.", "fall")
        return
    try:
        found = await engine.ask(SearchInstruments(query=symbol, limit=8))
    except TioError as error:
        stage.say(in_words(error), "fall")
        return
    exact = [i.symbol for i in found if symbol in (i.symbol, *i.aliases)]
    if exact:
        stage.symbol = exact[0]
    elif found:
        near = ", ".join(i.symbol for i in found[:4])
        stage.say(f"No source knows {symbol}. Near it: {near}", "fall")
    else:
        codes = ", ".join(CODES)
        stage.say(f"No source knows {symbol}, and it is no code ({codes}).", "fall")
