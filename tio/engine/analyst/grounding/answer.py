"""An answer as it streams in: sentences are judged once, when they are complete."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tio.api.grounding import Citation, CitedFact, Grounded, Unverified
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.facts import Fact, ToolResult
from tio.engine.analyst.grounding.judging import Carried, judge, question
from tio.engine.analyst.grounding.tables import asked_of, in_table, table_row, whom_of
from tio.engine.analyst.grounding.verdicts import Match, Verdict

_END = re.compile(
    r"(?<!\bvs)(?<!\bapprox)(?<!\bInc)(?<!\bCorp)(?<!\bLtd)(?<!\bCo)(?<!\be\.g)(?<!\bi\.e)(?<!\bca)"
    r"(?<!\bNo)(?<!\bJan)(?<!\bFeb)(?<!\bMar)(?<!\bApr)(?<!\bJun)(?<!\bJul)(?<!\bAug)(?<!\bSep)"
    r"(?<!\bSept)(?<!\bOct)(?<!\bNov)(?<!\bDec)(?<!\bU\.S)(?<!\bp\.m)(?<!\ba\.m)(?<!^\d)(?<!\s\d)"
    r"(?:[.][\"”')*_\]]*\s+(?=[^\sa-z])|[!?][\"”')*_\]]*\s+(?=\S))|\n"
)
LONGEST = 1_000
"""A sentence without an end is judged after so many characters."""
MOST = 24
"""A sentence of more figures is judged in parts: a model may say numbers for ever."""
_DIGITS = re.compile(r"\d[\d.,]*")


class Answer:
    """One answer being written; `feed` takes its text as it comes, `so_far` is what is judged.

    Who gets much at once writes it, then takes one `step` after another and lets others between.
    """

    def __init__(self, evidence: Evidence, asked: str = "", today: date | None = None) -> None:
        self._evidence = evidence
        self._question = question(asked, today)
        self._asked = asked
        self._carried: Carried | None = None
        self._waiting: list[str] = []
        self._ready: deque[str] = deque()
        self._done: list[str] = []
        self._tail = ""
        self._seen = 0
        self._judged = 0
        self._citations: list[Citation] = []
        self._numbers: dict[tuple[str, ...], int] = {}
        self._unverified: list[Unverified] = []
        self._alone = 0

    def feed(self, text: str) -> bool:
        """Take in more of the text; whether that completed a sentence."""
        self.write(text)
        moved = False
        while self.step():
            moved = True
        return moved

    def write(self, text: str) -> None:
        """Take in more of the text without judging it yet."""
        self._tail += text

    def step(self) -> bool:
        """Judge the next complete sentence, some milliseconds at most; whether there was one."""
        if self._ready:
            self._judge(self._ready.popleft())
            return True
        if end := _END.search(self._tail, self._seen, LONGEST + 1):
            self._next(end.end())
        elif len(self._tail) > LONGEST:
            self._next(self._tail.rfind(" ", 0, LONGEST) + 1 or LONGEST)
        else:
            # What ends a sentence may have begun already: `."` before a space.
            self._seen = max(0, len(self._tail) - 40)
            return False
        return True

    def finish(self) -> Grounded:
        """The whole, its last sentence judged too."""
        while self.step() or self._tail:
            if not self._ready and self._tail:
                self._next(len(self._tail))
        self._resolve()
        while self.step():
            pass
        return self.so_far()

    def so_far(self) -> Grounded:
        """The text so far; figures of a sentence that is written or waits are not judged."""
        verified, lost = len(self._citations), len(self._unverified)
        return Grounded(
            text="".join((*self._done, *self._ready, *self._waiting, self._tail)),
            judged=self._judged,
            citations=tuple(self._citations),
            unverified=tuple(self._unverified),
            alone=self._alone,
            share=verified / (verified + lost) if verified + lost else None,
        )

    def _next(self, cut: int) -> None:
        """Take the first `cut` characters, or fewer where they hold many figures.

        A sentence of which nothing tells yet whom it is about waits for that.
        """
        figures = [one.start() for one in _DIGITS.finditer(self._tail, 0, cut)]
        cut = figures[MOST] if len(figures) > MOST else cut
        text, self._tail, self._seen = self._tail[:cut], self._tail[cut:], 0
        if self._carried is None:
            self._carried = Carried(topic=asked_of(self._asked, self._evidence))
        if self._carried.topic or len(self._evidence.symbols) < 2:
            self._judge(text)
            return
        whom = whom_of(text, self._evidence, self._question)
        self._waiting.append(text)
        if whom or sum(map(len, self._waiting)) > LONGEST:
            self._resolve(whom)

    def _resolve(self, whom: tuple[str, ...] = ()) -> None:
        """What waited is about those named at last."""
        self._ready += self._waiting
        self._waiting = []
        if whom:
            self._carried = replace(self._carried or Carried(), topic=whom)

    def _judge(self, text: str) -> None:
        carried = self._carried or Carried()
        if text.strip():
            judges = table_row if in_table(text) else judge
            verdicts, self._carried = judges(text, self._evidence, self._question, carried)
            for verdict in verdicts:
                self._note(verdict)
        self._done.append(text)
        self._judged += len(text)

    def _note(self, verdict: Verdict) -> None:
        start = self._judged + verdict.figure.start
        end = self._judged + verdict.figure.end
        text = verdict.figure.text
        if verdict.alone:
            self._alone += 1
        elif verdict.match:
            match = verdict.match
            key = (*(fact.id for fact in match.facts), match.operation)
            number = self._numbers.setdefault(key, len(self._numbers) + 1)
            self._citations.append(
                Citation(
                    number=number, start=start, end=end, text=text, operation=match.operation,
                    facts=tuple(cited(fact) for fact in match.facts), exact=_exact(match),
                )
            )  # fmt: skip
        else:
            near = cited(verdict.nearest) if verdict.nearest else None
            self._unverified.append(
                Unverified(start=start, end=end, text=text, why=verdict.why, nearest=near)
            )


def ground(
    text: str,
    results: Evidence | Iterable[ToolResult],
    asked: str = "",
    today: date | None = None,
) -> Grounded:
    """A whole answer against what the tools told; `asked` is the question, `today` its day."""
    evidence = results if isinstance(results, Evidence) else Evidence(results)
    answer = Answer(evidence, asked, today)
    answer.feed(text)
    return answer.finish()


def cited(fact: Fact) -> CitedFact:
    """A fact as a reader sees it."""
    value = fact.value
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return CitedFact(
        call=fact.call, path=fact.path, value=text, symbol=fact.symbol, unit=fact.unit,
        source=fact.source, as_of=fact.as_of,
    )  # fmt: skip


def _exact(match: Match) -> str:
    return "" if match.exact is None else f"{match.exact.normalize():.12g}"
