"""Whether an answer's figures open what they stand on, and nothing else is shown as if it did."""

import json
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tio.api.analyst import Report
from tio.api.chats import ChatMessage, GetSource
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.grounding import CitedFact, Grounded

_NUMBER = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?")
_SHOWN = re.compile(r"\d+\.\d+")
_PRICED = re.compile(r"\d\.\d{2,}")
"""What no numbering, count or name looks like: it must be cited or marked."""


async def unopened(engine: Engine, chat: str, message: ChatMessage) -> list[str]:
    """Sentences on figures that do not open, or are neither cited nor marked; [] when all is well.

    A report stands on the word that made it: each number of its lines is one of its figures there.
    """
    opened: dict[str, Any] = {}
    for call in {each.result for each in message.calls if each.ok and each.result}:
        await _open(engine, chat, call, opened)
    wrong: list[str] = []
    for grounded in (message.grounded, message.meanwhile):
        if grounded is not None:
            wrong += await _of_text(engine, chat, grounded, opened)
    if message.report is not None:
        wrong += _of_report(message.report, opened)
        if message.grounded is None:
            wrong += _of_words(message.text, opened)
    return wrong


async def _of_text(
    engine: Engine, chat: str, grounded: Grounded, opened: dict[str, Any]
) -> list[str]:
    wrong = []
    for citation in grounded.citations:
        if grounded.text[citation.start : citation.end] != citation.text:
            wrong.append(f"{citation.text} does not stand where it is cited")
        for fact in citation.facts:
            answer = await _open(engine, chat, fact.call, opened)
            if isinstance(answer, TioError):
                wrong.append(f"{citation.text}: {fact.call} does not open: {answer}")
            elif not holds(answer, fact):
                wrong.append(f"{citation.text}: {fact.call} {fact.path} holds no {fact.value}")
    marked = [(each.start, each.end) for each in grounded.citations]
    marked += [(each.start, each.end) for each in grounded.unverified]
    for found in _PRICED.finditer(grounded.text):
        inside = any(start <= found.start() < end for start, end in marked)
        if not inside and not grounded.alone:
            wrong.append(f"{found[0]} is neither cited nor marked")
    return wrong


def _of_report(report: Report, opened: dict[str, Any]) -> list[str]:
    """Figures of a report that the result it is kept as does not hold."""
    kept = [answer for answer in opened.values() if not isinstance(answer, TioError)]
    return [
        f"{figure.value} of {section.name} is in no result"
        for section in report.sections
        for line in section.lines
        for figure in line.figures
        if not any(holds(answer, figure) for answer in kept)
    ]


def _of_words(text: str, opened: dict[str, Any]) -> list[str]:
    """Figures of an answer out of a report that none of what was looked up holds, as rounded."""
    values = [
        number
        for answer in opened.values()
        if not isinstance(answer, TioError)
        for leaf in _leaves(answer)
        for number in _numbers(str(leaf))
    ]
    wrong = []
    for found in _SHOWN.finditer(text.replace("\u2009", "")):
        shown = Decimal(found[0])
        half = Decimal(5).scaleb(_exponent(shown) - 1)
        near = (abs(abs(each) - shown) <= half for each in values)
        if not any(near) and not any(abs(abs(100 * each) - shown) <= half for each in values):
            wrong.append(f"{found[0]} is in nothing that was looked up")
    return wrong


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)


async def _open(engine: Engine, chat: str, call: str, opened: dict[str, Any]) -> Any:
    if call not in opened:
        try:
            opened[call] = json.loads((await engine.ask(GetSource(chat, call))).answer)
        except TioError as error:
            opened[call] = error
    return opened[call]


def holds(answer: Any, fact: CitedFact) -> bool:
    """Whether an answer, as JSON, holds a fact's value somewhere: as a number, a text or a day."""
    wanted, moment = _number(fact.value), _moment(fact.value)
    for value in _leaves(answer):
        if str(value) == fact.value or (isinstance(value, str) and fact.value in value):
            return True
        if moment is not None and isinstance(value, str) and _moment(value) == moment:
            return True
        if wanted is not None and any(_same(each, wanted) for each in _numbers(str(value))):
            return True
    if wanted is not None and wanted == int(wanted):
        # How many there are is told by the answer as a whole.
        return any(len(each) == wanted for each in _lists(answer))
    return False


def _same(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= abs(other) * Decimal("1e-9")


def _leaves(told: Any) -> Any:
    if isinstance(told, dict):
        for key, each in told.items():
            yield key
            yield from _leaves(each)
    elif isinstance(told, list):
        for each in told:
            yield from _leaves(each)
    else:
        yield told


def _lists(told: Any) -> Any:
    if isinstance(told, dict):
        for each in told.values():
            yield from _lists(each)
    elif isinstance(told, list):
        yield told
        for each in told:
            yield from _lists(each)


def _number(text: str) -> Decimal | None:
    found = _NUMBER.fullmatch(text.strip())
    try:
        return Decimal(text.strip().replace("−", "-").replace(",", "")) if found else _odd(text)
    except InvalidOperation:
        return None


def _numbers(text: str) -> list[Decimal]:
    """The numbers a text is or holds."""
    whole = _number(text)
    if whole is not None:
        return [whole]
    inside = (_number(found[0]) for found in _NUMBER.finditer(text.replace("\u2009", "")))
    return [each for each in inside if each is not None]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _odd(text: str) -> Decimal | None:
    """Numbers as JSON may write them: 1e-05."""
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?[eE][-+]?\d+", text.strip()) else None
