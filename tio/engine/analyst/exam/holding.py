"""Whether its window is what it is said to be: a server may drop the beginning without a word."""

from tio.api.model_exams import ExamStep, Finding, Mark
from tio.engine.analyst.exam.answering import failed, sentence
from tio.engine.analyst.exam.replies import Subject, asking
from tio.engine.analyst.models.speech import Asking, Fault

MOST = 16_384
"""Tokens tried at most: reading them takes time, and may cost money."""
PART, SMALL = 0.75, 1_000
"""The part of the window that is filled; tokens of the first, small text."""
CHARACTERS_A_TOKEN = 4
LOST = 0.85
"""Under this part of the tokens expected something was dropped."""
WORD = "persimmon"


async def holds(subject: Subject) -> tuple[Finding, ...]:
    """A long text, whose first line is asked for; its tokens against those of a short one."""
    window = min(subject.window, MOST)
    small = _asked(subject, SMALL * CHARACTERS_A_TOKEN, "A")
    first = await subject.reply(small)
    if first.failed is not None:
        return (failed(ExamStep.window, first.failed, Mark.unknown),)
    read = first.usage.read if first.usage else 0
    rate = len(small.messages[1].text) / read if read else float(CHARACTERS_A_TOKEN)
    large = _asked(subject, int(window * PART * rate), "B")
    second = await subject.reply(large)
    if second.failed is not None:
        if second.failed.fault is not Fault.overflow:
            return (failed(ExamStep.window, second.failed, Mark.unknown),)
        said = f"The window is smaller than {window:,} tokens: {second.failed.text}"
        advice = "Set `context` of the model to what the server says, or start it with more."
        return (Finding(ExamStep.window, Mark.failed, sentence(said), advice),)
    recalled = WORD in second.text.lower()
    expected = round(len(large.messages[1].text) / rate)
    if not (read and second.usage and second.usage.read):
        return (_uncounted(recalled, expected),)
    return (_counted(subject, recalled, expected, second.usage.read),)


def _counted(subject: Subject, recalled: bool, expected: int, read: int) -> Finding:
    if read < LOST * expected:
        larger = (
            "raise OLLAMA_CONTEXT_LENGTH of the server"
            if subject.speaker.name.startswith("ollama:")
            else "start the server with a larger context"
        )
        said = f"Of about {expected:,} tokens the server read {read:,}, and said nothing of it."
        return Finding(
            ExamStep.window,
            Mark.failed,
            said,
            f"Set `context` of the model to {read}, or {larger}.",
        )
    said = f"A text of {read:,} tokens was read whole"
    if recalled:
        return Finding(ExamStep.window, Mark.passed, f"{said} and its first line found again.")
    return Finding(
        ExamStep.window,
        Mark.failed,
        f"{said}, but its first line was not found again.",
        "Long chats will be forgotten early; a smaller `context` keeps to what it holds.",
    )


def _uncounted(recalled: bool, expected: int) -> Finding:
    if recalled:
        said = f"The first line of about {expected:,} tokens was found again."
        return Finding(ExamStep.window, Mark.passed, said)
    said = f"The first line of about {expected:,} tokens was not found, and no tokens are counted."
    return Finding(
        ExamStep.window, Mark.unknown, said, "It may drop what was said first: lower `context`."
    )


def _asked(subject: Subject, characters: int, place: str) -> Asking:
    """The word, then lines without meaning, then the question."""
    begin = f"Text {place} of {subject.stamp}. The password is {WORD}.\n"
    lines, length, number = [begin], len(begin), 0
    while length < characters:
        number += 1
        lines.append(f"On shelf {number} stands a box with {(number * 37) % 91} small parts.\n")
        length += len(lines[-1])
    lines.append("What is the password that the first line tells? Say the word alone.")
    return asking("".join(lines))
