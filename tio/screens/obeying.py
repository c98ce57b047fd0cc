"""What a command line makes the terminal do."""

import asyncio
from collections.abc import Callable

from textual.compose import compose
from textual.screen import Screen

from tio.api.clean import clean
from tio.api.errors import TioError
from tio.api.indicators import ListIndicators
from tio.api.market import SearchInstruments, Timeframe
from tio.api.spec_text import name_in
from tio.api.system import ListPlugins
from tio.screens.actions import CODES
from tio.screens.following import in_words
from tio.screens.grammar import Command, Question, Unknown, parse, symbol
from tio.screens.named import meant
from tio.screens.report_asked import CODES as CODES_OF_REPORTS
from tio.screens.report_asked import asked_by
from tio.screens.stage import Plugins, Stage
from tio.screens.widgets.chart_moves import TYPES
from tio.screens.widgets.price_chart import PriceChart
from tio.screens.widgets.studies_kept import KEY, as_text, specs_in, studies_of, with_specs

Meaning = Command | Question | Unknown


def obey(stage: Stage, line: str, open_code: Callable[[str], None]) -> None:
    """Do what a line says; `open_code` shows what a code opens."""
    stage.say("")
    meaning = parse(line, CODES)
    unsure = isinstance(meaning, Unknown) or (isinstance(meaning, Command) and not meaning.code)
    if unsure and stage.plugins is not None and stage.engine is not None:
        stage.background("plugins", _ask_plugins, stage, stage.plugins, line, meaning, open_code)
    else:
        _do(stage, meaning, open_code)


async def _ask_plugins(
    stage: Stage, plugins: Plugins, line: str, meaning: Meaning, open_code: Callable[[str], None]
) -> None:
    """Open a plugin's screen when the line names its code; else do what it meant without."""
    assert stage.engine is not None
    try:
        listed = await stage.engine.ask(ListPlugins())
        codes, faults = await asyncio.to_thread(plugins.learn, listed)
        found = parse(line, {**CODES, **codes})
        if isinstance(found, Command) and found.code in codes:
            if found.args or len(found.symbols) > 1:
                stage.say(f"{found.code} takes one symbol and no words", "fall")
                return
            if found.symbols:
                await _choose(stage, found.symbols[0])
            open_plugin(stage, found.code, plugins.maker(found.code))
            return
    except TioError as error:
        stage.say(in_words(error), "fall")
        return
    _do(stage, meaning, open_code)
    if faults and isinstance(meaning, Unknown):
        stage.say(f"{meaning.sentence} {faults[0]}", "fall")


def open_plugin(stage: Stage, code: str, make: Callable[[], object]) -> None:
    """Push the screen a plugin makes; one that cannot be made is told, never fatal."""
    try:
        screen = make()
        if not isinstance(screen, Screen):
            raise TypeError(f"{type(screen).__name__} is no Screen")
        # Composed here, where what its code raises can be told instead of ending the terminal.
        parts = compose(screen)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - its code may raise anything
        stage.say(clean(f"{code} is broken: {type(error).__name__}: {error}", limit=200), "fall")
        return
    vars(screen)["compose"] = lambda: iter(parts)
    vars(screen)["code_of_plugin"] = code
    stage.push_screen(screen)


def _do(stage: Stage, meaning: Meaning, open_code: Callable[[str], None]) -> None:
    match meaning:
        case Question():
            stage.asking = meaning.text
            open_code("ASK")
        case Unknown() as unknown:
            stage.say(unknown.sentence, "fall")
        case Command(symbols, code, args) if code in CODES_OF_REPORTS:
            try:
                stage.open_report(asked_by(code, symbols, args))
            except TioError as error:
                stage.say(in_words(error), "fall")
        case Command((), "AS-OF", words) if words:
            stage.look_back(words)
        case Command((), code, (word, *_)) if code and _may_be_symbol(word):
            stage.background("meant", _symbol_or_word, stage, meaning, open_code)
        case Command():
            _run(stage, meaning, open_code)


async def _symbol_or_word(stage: Stage, command: Command, open_code: Callable[[str], None]) -> None:
    """`GP SPY` as `SPY GP`, unless the word after the code is an indicator."""
    word, *rest = command.args
    if stage.engine is not None:
        try:
            names: set[str] = set()
            if command.code == "GP":
                names = {entry.name for entry in await stage.engine.ask(ListIndicators())}
            if name_in(word) not in names and ":" not in word:
                spelled = symbol(word)
                found = await stage.engine.ask(SearchInstruments(query=spelled, limit=8))
                if meant(spelled, found) is not None:
                    command = Command((spelled,), command.code, tuple(rest))
        except TioError as error:
            stage.say(in_words(error), "fall")
            return
    _run(stage, command, open_code)


def _may_be_symbol(word: str) -> bool:
    if word in set(Timeframe) or word.lower() in {*Timeframe, *TYPES}:
        return False
    return word[0] in "$^" or bool(name_in(word))


def _run(stage: Stage, command: Command, open_code: Callable[[str], None]) -> None:
    symbols, code, args = command.symbols, command.code, command.args
    if len(symbols) > 1:
        stage.say(f"{code or 'A chart'} takes one symbol, were {len(symbols)}", "fall")
        return
    if args and not (code == "GP" and _set_up_chart(stage, args)):
        stage.say(f"{code} does not know {' '.join(args)[:40]}", "fall")
        return
    stage.about = symbols[0] if symbols else ""
    if symbols:
        stage.background("choose", _choose, stage, symbols[0])
    if code:
        open_code(code)


def _set_up_chart(stage: Stage, args: tuple[str, ...]) -> bool:
    """Timeframes, chart types and indicators after GP; False when a word can be none of them."""
    words = [word if word in set(Timeframe) else word.lower() for word in args]
    known = [word for word in words if word in set(Timeframe) or word in TYPES]
    others = [word for word, low in zip(args, words, strict=True) if low not in known]
    if not all(map(name_in, others)):
        return False
    for word in known:
        if word in TYPES:
            stage.remember("chart.type", word)
        else:
            stage.timeframe = Timeframe(word)
    if others:
        stage.background("studies", _add_studies, stage, " ".join(others))
    return True


async def _add_studies(stage: Stage, text: str) -> None:
    """Put indicators on the chart; what one of them cannot be is told, and none is put."""
    if stage.engine is None:
        stage.say("The engine is not there yet; try again in a moment.", "fall")
        return
    try:
        found = await stage.engine.ask(ListIndicators(tail="pta." in text))
        specs = specs_in(text, {entry.name: entry for entry in found}, stage.timeframe)
        studies = with_specs(studies_of(stage.recall(KEY, "")), specs)
    except TioError as error:
        stage.say(in_words(error), "fall")
        return
    stage.remember(KEY, as_text(studies))
    for chart in stage.screen.query(PriceChart):
        chart.studies.recalled()


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
    one = meant(symbol, found)
    if one is not None:
        if stage.about == symbol != one.symbol:
            stage.about = one.symbol
        stage.symbol = one.symbol
    elif found:
        near = ", ".join(i.symbol for i in found[:4])
        stage.say(f"No source knows {symbol}. Near it: {near}", "fall")
    else:
        codes = ", ".join(CODES)
        stage.say(f"No source knows {symbol}, and it is no code ({codes}).", "fall")
