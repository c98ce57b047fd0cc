"""Whether an answer follows the shape it was given, and holds its bounds."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.model_exams import ExamStep, Finding, Mark
from tio.engine.analyst.conversation.structured import answer_schema
from tio.engine.analyst.exam.answering import failed
from tio.engine.analyst.exam.replies import Subject, asking

_CHECKED = "tio checks every such answer, asks once more, and otherwise shows none."


class Weather(msgspec.Struct, frozen=True):
    """What the weather will be; `sure` is from 0 to 1."""

    sky: Literal["clear", "cloudy", "rain"]
    sure: Annotated[float, Meta(ge=0, le=1)]
    why: Annotated[str, Meta(max_length=200)]


class _Loosely(msgspec.Struct, frozen=True):
    sky: str
    sure: float
    why: str


async def shapes(subject: Subject) -> tuple[Finding, ...]:
    """An answer asked for in a shape, about something the text puts beyond its bounds."""
    question = (
        "The forecaster is 140 percent sure that it will rain, for the wind has turned. "
        "Fill in the JSON object: sky, sure, why."
    )
    asked = replace(asking(question), answer=answer_schema(Weather))
    reply = await subject.reply(asked)
    if reply.failed is not None:
        advice = "Structured verdicts will be missing; take a server that follows a schema."
        return (failed(ExamStep.shape, reply.failed, advice=advice),)
    try:
        loosely = msgspec.json.decode(reply.text, type=_Loosely)
    except msgspec.MsgspecError as error:
        said = f"The answer does not follow its schema ({clean(str(error), limit=80)})"
        return (Finding(ExamStep.shape, Mark.failed, f"{said}: {reply.shown}.", _CHECKED),)
    shaped = Finding(ExamStep.shape, Mark.passed, "An answer follows the schema it was given.")
    try:
        msgspec.convert(msgspec.to_builtins(loosely), Weather)
    except msgspec.ValidationError:
        said = f"The schema's bounds are not held: sky {loosely.sky[:20]!r}, sure {loosely.sure:g}."
        return (shaped, Finding(ExamStep.bounds, Mark.failed, said, _CHECKED))
    return (shaped, Finding(ExamStep.bounds, Mark.passed, "It keeps to the schema's bounds."))
