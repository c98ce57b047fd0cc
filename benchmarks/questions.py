"""Twenty questions of a trader, asked in a demo's engine by rules and by a model, and what came.

    python -m benchmarks.questions                                               # by rules
    python -m benchmarks.questions --model openai:http://127.0.0.1:8080/v1#small
    python -m benchmarks.questions --tell                                        # each answer whole

A line a question: who answered, seconds to the first text that stood and to the end, figures of
the answer, how many are verified and marked, whether every source opens and holds its figure.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from benchmarks.answer_sources import unopened
from tio.api.chat_events import ChatEvents, Meanwhile, MessageWritten, Reported, TextAdded, TextCut
from tio.api.chats import AnswerState, Ask, ChatMessage, StartChat
from tio.api.contract import Engine
from tio.api.ideas import SaveIdea
from tio.api.ledger import ListPortfolios
from tio.api.market import GetQuotes, SearchInstruments, Side
from tio.api.models import ListModels
from tio.api.watchlists import SaveWatchlist
from tio.config import Analyst, Config, Demo
from tio.engine.clock import RealClock
from tio.engine.local import LocalEngine
from tio.paths import Paths

CHATS = (
    ("What is ACME trading at?", "And how much has it moved this week?"),
    ("Where are support and resistance for BTC?",),
    ("Is the trend of TECH up or down?", "And on the hourly chart?"),
    ("Which has done better this year, OIL or GOLD?",),
    ("Why did ACME move today?", "Is there any news on it?"),
    ("How big is my position in ACME and what did I pay for it?", "Where is my stop?"),
    ("How much could I lose on a bad day?",),
    ("Am I making money with my trades?",),
    ("What is my P&L, and which are my winners?",),
    ("How closely do BTC and ETH move together?",),
    ("Does my idea in ACME still hold?",),
    ("What is my portfolio worth in euros?",),
    ("What do you make of ZZTOP?",),
    ("Is now a good time to buy CLINIC?",),
    ("How volatile is ETH at the moment?",),
    ("What is worth a look this morning?",),
)
QUESTIONS = tuple(question for chat in CHATS for question in chat)
LONGEST = 300.0
"""Seconds an answer is waited for."""


class Friday(RealClock):
    """Real time, begun on a Friday afternoon: the demo's shares rest at night."""

    def __init__(self) -> None:
        self._off = datetime(2026, 11, 20, 15, 0, tzinfo=UTC) - super().now()

    def now(self) -> datetime:
        return super().now() + self._off


@dataclass(frozen=True)
class Told:
    """An answer, and when something stood that a person could read; `wrong` tells what is not."""

    question: str
    message: ChatMessage
    first: float
    end: float
    wrong: tuple[str, ...]

    def row(self, place: int) -> str:
        """Its line of the table."""
        message, found = self.message, self.message.grounded
        cited = len(found.citations) if found else 0
        marked = len(found.unverified) if found else 0
        if message.report is not None and found is None:
            cited = sum(
                len(line.figures) for each in message.report.sections for line in each.lines
            )
        opens = "no" if self.wrong else "yes" if cited else "–"
        note = "report" if message.report is not None else ""
        note = note or ("rules beside it" if message.meanwhile is not None else "")
        why = next((each for each in message.notes if " answers: " in each), "")
        note = "; ".join(filter(None, (note, why.rpartition("#")[2].partition(" ")[2])))
        who = "rules" if message.made_by == "rules" else "model"
        return (
            f"| {place} | {self.question} | {who} | {self.first:.1f} | {self.end:.1f} "
            f"| {cited + marked} | {cited} | {marked} | {opens} | {note} |"
        )


@asynccontextmanager
async def desk(*models: str) -> AsyncIterator[Engine]:
    """A session with the demo's engine: its sample portfolio, a list of all, an idea in ACME."""
    analyst = Analyst(models=models, written=400)
    local = LocalEngine(
        Paths.find().workspace("demo"), Config(demo=Demo(), analyst=analyst), wall=Friday()
    )
    await local.start()
    try:
        engine = local.session()
        symbols = await engine.ask(SearchInstruments(limit=100, sources=False))
        await engine.ask(SaveWatchlist("main", tuple(each.symbol for each in symbols)))
        (quote,) = await engine.ask(GetQuotes(("SIM:ACME",)))
        (portfolio,) = await engine.ask(ListPortfolios())
        price = Decimal(str(quote.last or quote.previous_close))
        await engine.ask(_idea(portfolio.name, price))
        yield engine
    finally:
        await local.close()


def _idea(portfolio: str, price: Decimal) -> SaveIdea:
    stop, target = (round(price * part, 2) for part in (Decimal("0.95"), Decimal("1.12")))
    return SaveIdea(
        portfolio=portfolio, symbol="SIM:ACME", side=Side.buy, thesis="It holds above its low.",
        entry=price, stop=stop, targets=(target,),
    )  # fmt: skip


async def asked(engine: Engine, question: str, chat: str) -> Told:
    """One answer, followed as a screen follows it."""
    begun = time.perf_counter()
    first = text = 0.0
    async with asyncio.timeout(LONGEST), engine.watch(ChatEvents(chat)) as items:
        told = aiter(items)
        await anext(told)
        about = await engine.ask(Ask(question, chat=chat))
        async for item in told:
            now = time.perf_counter() - begun
            for event in item.value:
                match event:
                    case Meanwhile() | Reported():
                        first = first or now
                    case TextAdded():
                        text = text or now
                    case TextCut(kept=0):
                        text = 0.0
                    case MessageWritten(message=message) if (
                        message.id == about.message and message.state is not AnswerState.writing
                    ):
                        wrong = tuple(await unopened(engine, chat, message))
                        stood = min(filter(None, (first, text)), default=now)
                        return Told(question, message, stood, now, wrong)
    raise AssertionError("the chat ended before its answer")


async def ask_all(engine: Engine) -> list[Told]:
    """Every question, in its chat."""
    answers: list[Told] = []
    for questions in CHATS:
        chat = (await engine.ask(StartChat())).id
        for question in questions:
            # A model that failed thrice would rest; here each question is put to it.
            await engine.ask(ListModels(check=True))
            answers += [await asked(engine, question, chat)]
    return answers


async def main(model: str, tell: bool) -> None:
    async with desk(*([model] if model else [])) as engine:
        answers = await ask_all(engine)
    print("| | question | by | first s | end s | figures | verified | marked | opens | |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for place, each in enumerate(answers, 1):
        print(each.row(place))
    for place, each in enumerate(answers, 1):
        for wrong in each.wrong:
            print(f"{place}: {wrong}")
        if tell:
            beside = each.message.meanwhile
            print(f"\n{place}. {each.question}\n   {each.message.text}")
            print(f"   (beside it: {beside.text})" if beside is not None else "", end="")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--model", default="", help="as in [analyst] models")
    options.add_argument("--tell", action="store_true", help="print the answers too")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["TIO_HOME"] = home
        asyncio.run(main(chosen.model, chosen.tell))
