"""What happens while a question is answered, as it happens."""

from enum import StrEnum

import msgspec

from tio.engine.analyst.models.speech import Text, Thinking, Usage
from tio.engine.analyst.tools.desk import Called


class Answering(msgspec.Struct, frozen=True):
    """This model answers from here on; `why` where another did before."""

    model: str
    why: str = ""


class Offered(msgspec.Struct, frozen=True):
    """The tools that go with the question, and why these."""

    names: tuple[str, ...]
    why: str


class CallBegun(msgspec.Struct, frozen=True):
    """The model asked for a tool; `arguments` as it wrote them."""

    id: str
    name: str
    arguments: str


class CallEnded(msgspec.Struct, frozen=True):
    """A tool call is over, after so many milliseconds."""

    id: str
    name: str
    milliseconds: float
    called: Called


class Note(msgspec.Struct, frozen=True):
    """Something a person should know of how the answer came about."""

    text: str


class Anew(msgspec.Struct, frozen=True):
    """The text since the last tool call, or since the beginning, is void: it is said again."""

    why: str


class End(StrEnum):
    """Why an answer ended."""

    answered = "answered"
    cut = "cut"
    """At the most tokens an answer may have."""
    seconds = "seconds"
    """The time for a question was over; what was said so far stands."""


class Finished(msgspec.Struct, frozen=True):
    """The answer as a whole, by which model, after how many rounds and tokens."""

    text: str
    model: str
    end: End = End.answered
    rounds: int = 1
    read: int = 0
    written: int = 0


class Exhausted(msgspec.Struct, frozen=True):
    """No model is left; every one's reason. Somebody else must answer."""

    reasons: tuple[str, ...]


ChatEvent = (
    Answering
    | Offered
    | Text
    | Thinking
    | Usage
    | CallBegun
    | CallEnded
    | Note
    | Anew
    | Finished
    | Exhausted
)
"""Of a question exactly the last one is Finished or Exhausted."""
