"""An answer on a terminal while it is written."""

import sys

from tio.api.analyst import Report
from tio.api.chat_events import (
    Answers,
    ChatEvent,
    Meanwhile,
    MessageWritten,
    Reported,
    TextAdded,
    TextCut,
    ThinkingAdded,
    ToolUsed,
)
from tio.api.chats import ChatMessage, ToolUse
from tio.api.clean import clean
from tio.api.report_text import report_lines
from tio.commands.answer_print import author, print_lines, tool_line, width
from tio.commands.printing import say

_SHORT = 24
"""Characters that tell which part of an answer is void."""


class LiveAnswer:
    """Its text on standard output as it comes; tools and what went wrong on standard error.

    A terminal takes nothing back: what becomes void is said to be, and what stands is said again.
    """

    def __init__(self) -> None:
        self._said = ""
        self._report: Report | None = None
        self._calls: set[str] = set()
        self._thinks = False
        self._in_line = False

    def take(self, event: ChatEvent) -> None:
        """Show one event of this answer."""
        match event:
            case TextAdded(text=text):
                self._add(text)
            case TextCut(kept=kept, why=why):
                self._cut(kept, why)
            case ToolUsed(call=call):
                self._called(call)
            case ThinkingAdded() if not self._thinks:
                self._thinks = True
                self._beside("▸ thinks")
            case Answers(made_by=made_by, why=why) if why:
                self._beside(clean(f"{author(made_by)} answers: {why}"))
            case Meanwhile(said=said):
                self._beside(f"rules meanwhile: {said.text.strip()}")
            case Reported(report=report):
                self._reported(report)
            case MessageWritten(message=message):
                self.stands(message)
            case _:
                # Figures, notes and proposals are told once the answer is whole.
                pass

    def stands(self, message: ChatMessage) -> None:
        """Make up for whatever was missed of the answer as it stands."""
        if message.report is not None:
            self._reported(message.report)
        for call in message.calls:
            self._called(call)
        if not message.text.startswith(self._said.rstrip()):
            self._cut(0, "the answer begins otherwise")
        self._add(message.text[len(self._said) :])

    def end(self) -> None:
        """What follows begins on a line of its own."""
        if self._in_line:
            print(flush=True)
            self._in_line = False

    def _add(self, text: str) -> None:
        if not text:
            return
        self._said += text
        if self._report is not None and self._report.headline.startswith(self._said):
            return  # The rules add nothing to their report.
        shown = clean(text, prose=True, limit=len(text))
        print(shown, end="", flush=True)
        if shown:
            self._in_line = not shown.endswith("\n")

    def _cut(self, kept: int, why: str) -> None:
        void, self._said = self._said[kept:], self._said[:kept]
        if not void.strip():
            return
        void = clean(void.strip(), limit=_SHORT)
        self._beside(f"↺ {clean(why)}: void from “{void}…” on; what stands is said again")
        said, self._said = self._said, ""
        self._add(said)

    def _called(self, call: ToolUse) -> None:
        if call.ok is not None and call.id not in self._calls:
            self._calls.add(call.id)
            self._beside(tool_line(call))

    def _reported(self, report: Report) -> None:
        if self._report is None:
            self.end()
            self._report = report
            print_lines([*report_lines(report, width()), ""])

    def _beside(self, text: str) -> None:
        self.end()
        sys.stdout.flush()
        say(text)
