"""Whether the server is there, answers, streams, and how fast."""

from tio.api.model_exams import ExamStep, Finding, Mark
from tio.engine.analyst.exam.replies import Reply, Subject, asking
from tio.engine.analyst.models.speech import Failed, Fault

STREAMED = 3
"""Pieces from which on an answer counts as streamed."""
SLOW_FIRST, SLOW_RATE = 15.0, 5.0
"""Seconds to the first token, and tokens a second, beyond which a chat is no pleasure."""

ADVICE = {
    Fault.unreachable: "Start the server, and look at the address in [analyst] models.",
    Fault.refused: "Set its key with `tio analyst key set`.",
    Fault.unknown_model: "Write a model its server has, or load it there (`ollama pull MODEL`).",
    Fault.silent: "Look whether the server is loading the model; else raise `first` of the model.",
    Fault.busy: "Try again later, or look at the account's limits.",
    Fault.broken: "Look into the server's own log.",
}
_NOBODY = frozenset((Fault.unreachable, Fault.silent, Fault.barred))


async def reachable(subject: Subject) -> tuple[Finding, ...]:
    """The server answers, knows the model, and says what it can."""
    told = await subject.speaker.check()
    if isinstance(told, Failed):
        subject.unreachable = told.fault in _NOBODY
        return (failed(ExamStep.reachable, told),)
    says = [
        f"a window of {told.context:,} tokens" if told.context else "",
        "" if told.tools is None else "tools" if told.tools else "no tools",
        "thinking" if told.thinks else "",
    ]
    listed = ", ".join(filter(None, says))
    said = "The server is there and knows the model"
    return (
        Finding(ExamStep.reachable, Mark.passed, f"{said}: {listed}." if listed else f"{said}."),
    )


async def answers(subject: Subject) -> tuple[Finding, ...]:
    """A plain answer; a server that has yet to load the model does it here."""
    reply = await subject.reply(asking("Say the word ready, and nothing else."))
    if reply.failed is not None:
        subject.unreachable = reply.failed.fault in _NOBODY
        return (failed(ExamStep.answers, reply.failed),)
    if not reply.text.strip():
        why = "It thought and said nothing." if reply.thought else "It said nothing."
        return (
            Finding(
                ExamStep.answers,
                Mark.failed,
                why,
                "Set `think = false` for the model, raise [analyst] written, or try another.",
            ),
        )
    thinks = ", after thinking" if reply.thought else ""
    return (Finding(ExamStep.answers, Mark.passed, f"It answers{thinks}."),)


async def pace(subject: Subject) -> tuple[Finding, ...]:
    """Whether an answer comes in pieces, and how fast."""
    reply = await subject.reply(
        asking("Write the numbers from one to forty as English words, with commas.")
    )
    if reply.failed is not None:
        return (failed(ExamStep.speed, reply.failed),)
    return (_streamed(reply), _speed(subject, reply))


def _streamed(reply: Reply) -> Finding:
    if reply.pieces >= STREAMED:
        return Finding(
            ExamStep.streams,
            Mark.passed,
            f"The answer came in {reply.pieces} pieces as it was made.",
        )
    return Finding(
        ExamStep.streams,
        Mark.failed,
        "The whole answer came at once: nothing is seen until it is done.",
        "Look whether something between here and the server gathers what it sends.",
    )


def _speed(subject: Subject, reply: Reply) -> Finding:
    first, written = reply.first or 0.0, 0 if reply.usage is None else reply.usage.written
    subject.first_seconds = first
    if reply.last > first and written > 1:
        subject.tokens_per_second = (written - 1) / (reply.last - first)
    rate = subject.tokens_per_second
    if rate is None:
        said = f"The first word took {first:.1f} s; the server counts no tokens."
        return Finding(ExamStep.speed, Mark.unknown, said)
    said = f"The first token took {first:.1f} s, then {rate:.1f} tokens came a second."
    if first > SLOW_FIRST or rate < SLOW_RATE:
        return Finding(
            ExamStep.speed,
            Mark.failed,
            said,
            "Answers will be slow: take a smaller model, or raise `first` and [analyst] seconds.",
        )
    return Finding(ExamStep.speed, Mark.passed, said)


def failed(step: ExamStep, failed: Failed, mark: Mark = Mark.failed, advice: str = "") -> Finding:
    """A step whose round failed, with what is to be done about it."""
    return Finding(step, mark, sentence(failed.text), ADVICE.get(failed.fault, advice))


def sentence(text: str) -> str:
    """Ended with a full stop."""
    return text if text.endswith((".", "…")) else f"{text}."
