"""What can be asked on RISK in one line: shocks, limits, a benchmark, a position's size."""

from collections.abc import Callable, Coroutine
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from textual.suggester import Suggester

from tio.api.clean import clean
from tio.api.contract import Engine
from tio.api.errors import Invalid, TioError
from tio.api.limits import GetRiskLimits, RiskLimits, SaveRiskLimits
from tio.api.stress_text import shocks_in
from tio.screens.following import in_words
from tio.screens.questions import Question, symbol_completions, word_completions
from tio.screens.shown_risk import BENCHMARK, ShownRisk
from tio.screens.size_line import EXAMPLE, size_asked, size_told

Asking = Callable[[Engine, str], Coroutine[None, None, None]]
SHOCKS = "Shock, as market=-10% AAPL=-20% USD=-5%, or START..END"
LIMITS = "Limits in % of net: position day_loss gross heat, as heat=6 or =none"


class RiskQuestions:
    """Asks in one line and has the engine answer; what is refused stays to be mended.

    `again` asks for report and stresses anew; `told` shows the newest stress in full.
    """

    def __init__(
        self, risk: ShownRisk, again: Callable[[], None], told: Callable[[], None]
    ) -> None:
        self._risk, self._stage, self._again, self._told = risk, risk.stage, again, told

    def shock(self) -> None:
        """What shocks, or any two dates, would cost."""
        held = self._risk.shown.held
        names = ["market=-10%"]
        if held is not None:
            names += [f"{each.symbol}=-20%" for each in held.positions]
            names += [
                f"{each.currency}=-5%" for each in held.cash if each.currency != held.currency
            ]
        self._ask(SHOCKS, "", self._shocked, word_completions(names))

    async def _shocked(self, engine: Engine, line: str) -> None:
        dates = ".." in line
        shocks = () if dates else shocks_in([line])
        await self._risk.shock(engine, shocks, line.strip() if dates else "")
        self._told()

    def limits(self) -> None:
        """Set limits; those that are there are proposed."""
        if self._stage.engine is not None:
            self._stage.background("limits", self._propose, self._stage.engine)

    async def _propose(self, engine: Engine) -> None:
        try:
            kept = await engine.ask(GetRiskLimits())
        except TioError as error:
            self._stage.say(in_words(error), "fall")
            return
        self._ask(LIMITS, limits_line(kept), self._limited)

    async def _limited(self, engine: Engine, line: str) -> None:
        await engine.ask(limits_asked(line))
        self._stage.say("limits are kept", "rise")
        self._again()

    def benchmark(self) -> None:
        """What betas are told to; an empty answer is none."""

        def answered(text: str | None) -> None:
            if text is not None:
                self._stage.remember(BENCHMARK, text.strip().upper())
                self._again()

        words = "Benchmark for beta, as SPY; empty for none"
        complete = symbol_completions(self._stage)
        self._stage.push_screen(Question(words, self._risk.benchmark, complete), answered)

    def size(self) -> None:
        """How much to take; shown over the screen."""
        report = self._risk.report
        if report is None or report.net is None or report.net <= 0:
            self._stage.say("A size needs a portfolio with a net value above zero.", "fall")
            return
        self._ask(f"Size: {EXAMPLE}", "", self._sized)

    async def _sized(self, engine: Engine, line: str) -> None:
        from tio.screens.told import Told

        report = self._risk.report
        if report is None or report.net is None:
            return
        asked = size_asked(line, report.net)
        found = await engine.ask(asked)
        title = f"size of {line.strip()}"
        self._stage.push_screen(Told(title, size_told(asked, found, report.currency)))

    def _ask(self, words: str, line: str, do: Asking, complete: Suggester | None = None) -> None:
        """Ask, and do what is answered; asked again in other words where that is refused."""
        engine = self._stage.engine

        async def doing(text: str) -> None:
            try:
                if engine is not None:
                    await do(engine, text)
            except TioError as error:
                self._stage.say(in_words(error), "fall")
                self._ask(in_words(error), text, do, complete)

        def answered(text: str | None) -> None:
            if text and text.strip():
                self._stage.background("risk asked", doing, text)

        self._stage.push_screen(Question(words, line, complete), answered)


def limits_line(kept: RiskLimits) -> str:
    """Limits as they are typed."""
    told: dict[str, Any] = {name: getattr(kept, name) for name in kept.__struct_fields__}
    return " ".join(f"{name}={value:f}" for name, value in told.items() if value is not None)


def limits_asked(line: str) -> SaveRiskLimits:
    """The change a line means, each NAME=PERCENT or NAME=none; Invalid."""
    told: dict[str, Decimal | None] = {}
    for word in line.replace(",", " ").split():
        name, _, text = word.partition("=")
        name = "day_loss" if name.lower() == "loss" else name.lower()
        if name not in SaveRiskLimits.__struct_fields__:
            raise Invalid(f"there is no limit of {clean(name)[:20]!r}", LIMITS)
        told[name] = _percent(text)
    return msgspec.convert(told, SaveRiskLimits)


def _percent(text: str) -> Decimal | None:
    if text.lower() in ("none", "off", ""):
        return None
    try:
        return Decimal(text.removesuffix("%"))
    except InvalidOperation:
        raise Invalid(f"{clean(text)[:20]!r} is no percentage", "as 25, or none") from None
