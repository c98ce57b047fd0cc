"""Questions answered without a model: what they name is looked up and told in sentences."""

import json
import re
from collections.abc import AsyncGenerator, Sequence

from tio.api.analyst import Report
from tio.api.chats import Chip
from tio.api.market import Instrument
from tio.engine.analyst.conversation.events import CallBegun, CallEnded, ChatEvent, Finished
from tio.engine.analyst.models.speech import Text, ToolCall
from tio.engine.analyst.tools.desk import Called, ToolDesk
from tio.plugin import Clock

_NAME = re.compile(r"\$?[A-Z^][A-Z0-9.:=^-]{1,14}\b")
_NOTHING = (
    "I look symbols up and report on them by rules; no symbol I know stands in the question. "
    "Name one, as in `how does BTC-USD stand?`"
)


async def answer(
    question: str, chips: Sequence[Chip], desk: ToolDesk, clock: Clock
) -> AsyncGenerator[ChatEvent, None]:
    """What rules can say to a question, by the same tools; the last event is Finished."""
    calls = _Calls(desk, clock)
    names = [each.about for each in chips] + [each[0] for each in _NAME.finditer(question)]
    said = ""
    for name in dict.fromkeys(each.lstrip("$") for each in names):
        async for event in calls.made("SearchInstruments", query=name, limit=3):
            yield event
        found = calls.answer
        if not isinstance(found, tuple) or not found:
            continue
        instrument = found[0]
        assert isinstance(instrument, Instrument)
        if instrument.symbol.upper() != name.upper():
            continue
        async for event in calls.made("Brief", symbol=instrument.symbol):
            yield event
        report = calls.answer
        if isinstance(report, Report):
            said = report.headline
        break
    text = said or _NOTHING
    yield Text(text)
    yield Finished(text, "rules")


class _Calls:
    """Tools called one after another; `answer` is what the last one told."""

    def __init__(self, desk: ToolDesk, clock: Clock) -> None:
        self.answer: object = None
        self._desk = desk
        self._clock = clock
        self._count = 0

    async def made(self, word: str, **fields: object) -> AsyncGenerator[ChatEvent, None]:
        self._count += 1
        call = ToolCall(f"rule{self._count}", word, json.dumps(fields))
        yield CallBegun(call.id, word, call.arguments)
        begun = self._clock.monotonic()
        called: Called = await self._desk.call(call)
        self.answer = called.answer
        yield CallEnded(call.id, word, (self._clock.monotonic() - begun) * 1_000, called)
