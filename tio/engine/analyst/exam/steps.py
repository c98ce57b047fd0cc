"""The steps of an examination, each with what it does, in words."""

from collections.abc import Awaitable, Callable

from tio.api.model_exams import Finding
from tio.engine.analyst.exam.answering import answers, pace, reachable
from tio.engine.analyst.exam.calling import calls, prompted
from tio.engine.analyst.exam.holding import holds
from tio.engine.analyst.exam.inventing import invents
from tio.engine.analyst.exam.replies import Subject
from tio.engine.analyst.exam.shaping import shapes

Step = Callable[[Subject], Awaitable[tuple[Finding, ...]]]

STEPS: tuple[tuple[str, Step], ...] = (
    ("asks the server for the model", reachable),
    ("asks for a plain answer", answers),
    ("measures its speed", pace),
    ("has it call a tool", calls),
    ("has it call a tool told in words", prompted),
    ("asks for an answer of a given shape", shapes),
    ("fills its window", holds),
    ("asks for a price without tools", invents),
)
