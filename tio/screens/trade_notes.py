"""What is written of a trade: asked for in one line, then kept by the engine."""

from collections.abc import Callable, Sequence
from typing import Any

from textual.suggester import Suggester

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.journal import AnnotateTrade, Trade
from tio.draw import trades
from tio.screens.entry_line import number
from tio.screens.following import in_words
from tio.screens.questions import Question, name_completions, word_completions
from tio.screens.stage import Stage

Reading = Callable[[str], dict[str, Any] | None]
"""The fields a line tells; None where it makes no sense."""


class TradeNotes:
    """Asks, and has the engine keep it; `done` is called when it is kept."""

    def __init__(self, stage: Stage, done: Callable[[], None]) -> None:
        self._stage = stage
        self._done = done

    def setup(self, portfolio: str, trade: Trade | None, known: Sequence[str]) -> None:
        if trade is not None:
            complete = name_completions((), known)
            self._ask(portfolio, trade, "Setup, as breakout", trade.setup, _text("setup"), complete)

    def note(self, portfolio: str, trade: Trade | None) -> None:
        if trade is not None:
            was = trade.notes.replace("\n", " ")
            self._ask(portfolio, trade, "Note", was, _text("notes"))

    def rate(self, portfolio: str, trade: Trade | None) -> None:
        if trade is not None:
            words = "Rating, 1 to 5; 0 takes it away"
            self._ask(portfolio, trade, words, str(trade.rating), _rating)

    def plan(self, portfolio: str, trade: Trade | None) -> None:
        if trade is not None:
            now = " ".join(
                f"{name} {price:f}"
                for name, price in (("stop", trade.stop), ("target", trade.target))
                if price is not None
            )
            complete = word_completions(("stop", "target"))
            self._ask(portfolio, trade, "Plan, as stop 183 target 195", now, plan_in, complete)

    def _ask(
        self,
        portfolio: str,
        trade: Trade,
        words: str,
        was: str,
        read: Reading,
        complete: Suggester | None = None,
    ) -> None:
        """Ask for one line, and write what it means of the trade."""
        engine = self._stage.engine
        if engine is None:
            return

        def answered(text: str | None) -> None:
            if text is None or text.strip() == was:
                return
            told = read(text.strip())
            if told is None:
                self._stage.say(f"{text.strip()[:40]!r} is not it. {words}", "fall")
            else:
                asked = AnnotateTrade(portfolio, trade.id, **told)
                self._stage.background("annotate", self._keep, engine, asked)

        self._stage.push_screen(Question(words, was, complete), answered)

    async def _keep(self, engine: Engine, asked: AnnotateTrade) -> None:
        try:
            told = await engine.ask(asked)
        except TioError as error:
            self._stage.say(in_words(error), "fall")
            return
        self._stage.say(f"{trades.said(told)}: written", "rise")
        self._done()


def plan_in(text: str) -> dict[str, Any] | None:
    """The stop and target a line tells, `stop 183 target 195`; what is not told is taken away."""
    words = text.split()
    told: dict[str, Any] = {"stop": None, "target": None}
    for name, value in zip(words[::2], [*words[1::2], ""], strict=False):
        figure = number(value)
        if name not in told or figure is None or told[name] is not None:
            return None
        told[name] = figure
    return told


def _text(field: str) -> Reading:
    return lambda text: {field: text}


def _rating(text: str) -> dict[str, Any] | None:
    return {"rating": int(text or "0")} if text in ("", *"012345") else None
