"""Whether it calls a tool: by the protocol, and told in words."""

import json

from msgspec.structs import replace

from tio.api.model_exams import ExamStep, Finding, Mark
from tio.engine.analyst.conversation.prompted import instructions, translated
from tio.engine.analyst.conversation.withheld import calls_in
from tio.engine.analyst.exam.answering import failed
from tio.engine.analyst.exam.replies import Reply, Subject, asking
from tio.engine.analyst.models.speech import Asking, Failed, Message, Part, Tool, ToolCall
from tio.engine.analyst.tools.loose import loose

SHELF, BOXES = "B7", "4813"
TOOL = Tool(
    name="count_boxes",
    description="How many boxes stand on a shelf of the store. It knows the number, you do not.",
    schema={
        "type": "object",
        "properties": {"shelf": {"type": "string", "description": "The shelf's name."}},
        "required": ["shelf"],
    },
)
QUESTION = f"How many boxes stand on shelf {SHELF}? Use the tool, then tell the number."
_WORDS = "Tools told in words are used instead."
_INSTEAD = f"{_WORDS} A llama-server wants --jinja for tools."


async def calls(subject: Subject) -> tuple[Finding, ...]:
    """A made-up tool is called, rightly, and its result told."""
    asked = replace(asking(QUESTION), tools=(TOOL,))
    return (await _called(subject, ExamStep.calls, asked),)


async def prompted(subject: Subject) -> tuple[Finding, ...]:
    """The same with nothing but words."""
    system = f"You are a careful assistant.\n\n{instructions((TOOL,))}"
    return (await _called(subject, ExamStep.prompted, asking(QUESTION, system)),)


async def _called(subject: Subject, step: ExamStep, asked: Asking) -> Finding:
    reply = await subject.reply(asked)
    if reply.failed is not None:
        return failed(step, reply.failed, advice=_INSTEAD * (step is ExamStep.calls))
    written = not reply.calls
    made = reply.calls or list(calls_in(reply.text, lambda name: name * (name == TOOL.name)))
    if not made:
        return _uncalled(step, reply)
    call = made[0]
    if call.name != TOOL.name or not _right(call):
        said = f"It called {call.name[:40]!r} with {call.arguments[:80]!r}, which is wrong."
        return Finding(step, Mark.failed, said, "Its answers will need many attempts; try another.")
    told = await subject.reply(replace(asked, messages=_with_result(asked, reply, call, step)))
    how = "as text, which tio reads" if written and step is ExamStep.calls else "rightly"
    if told.failed is not None:
        on_result = Failed(told.failed.fault, f"It called the tool {how}, then {told.failed.text}")
        return failed(step, on_result)
    if BOXES in told.text.replace(",", "").replace(" ", ""):
        return Finding(step, Mark.passed, f"It called the tool {how} and told its result.")
    said = f"It called the tool {how}, but did not tell its result: {told.shown}."
    return Finding(step, Mark.failed, said, "It is too weak for figures; try another model.")


def _uncalled(step: ExamStep, reply: Reply) -> Finding:
    said = f"It called no tool and said {reply.shown}."
    if step is ExamStep.calls:
        return Finding(step, Mark.failed, said, f"{_WORDS} Or take a model made for tools.")
    return Finding(
        step, Mark.failed, said, "It can look nothing up here; take a model made for tools."
    )


def _right(call: ToolCall) -> bool:
    try:
        told = loose(call.arguments)
    except ValueError:
        return False
    return isinstance(told, dict) and SHELF in str(told.get("shelf", "")).upper()


def _with_result(
    asked: Asking, reply: Reply, call: ToolCall, step: ExamStep
) -> tuple[Message, ...]:
    made = ToolCall(call.id or "call00001", call.name, call.arguments)
    result = json.dumps({"shelf": SHELF, "boxes": int(BOXES)})
    messages = (
        *asked.messages,
        Message(part=Part.assistant, calls=(made,)),
        Message(part=Part.tool, text=result, call=made.id, tool=made.name),
    )
    return translated(messages) if step is ExamStep.prompted else messages
