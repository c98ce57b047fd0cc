"""Grounding an answer as it streams in: percent of a core at 200 tokens a second.

The evidence is that of a long chat: 2,000 facts of 250 quotes and six series of 10,000 bars with
five columns each. The answer is that of an analyst with figures in every sentence, fed token by
token (four letters each); what a second of tokens costs is the percent of a core. The same for an
answer ten times as long, whose cost a token must be the same: judging is linear in the text.

Run: python benchmarks/bench_grounding.py
"""

import sys
import time
from datetime import UTC, datetime, timedelta

import numpy as np

from tio.api.market import Bars, Quote, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.analyst.grounding.answer import Answer
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.facts import ToolResult
from tio.engine.analyst.grounding.spelling import NUMBER, parse

RATE = 200.0
TOKEN = 4
ROWS = 10_000
LIMIT = 4.0
"""Percent of a core it may take."""
HOLD = 0.005
"""Seconds one sentence may hold the event loop."""
RUNS = 5
AT = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


def quotes(count: int) -> ToolResult:
    """Quotes with eight figures each."""
    draw = np.random.default_rng(1)
    told = []
    for number in range(count):
        last = round(float(draw.uniform(5, 900)), 2)
        told.append(
            Quote(
                symbol=f"S{number:03}X", last=last, bid=round(last - 0.02, 2), currency="USD",
                ask=round(last + 0.03, 2), open=round(last * 0.99, 2), high=round(last * 1.02, 2),
                low=round(last * 0.97, 2), change_percent=float(draw.normal(0, 2)), as_of=AT,
                volume=float(draw.integers(10**6, 10**8)),
            )
        )  # fmt: skip
    return ToolResult("quotes", None, tuple(told))


def bars(symbol: str, seed: int, rows: int = ROWS) -> ToolResult:
    """Daily bars of a walk."""
    draw = np.random.default_rng(seed)
    close = np.round(100 * np.exp(np.cumsum(draw.normal(0, 0.01, rows))), 2)
    days = [instant(AT - timedelta(days=rows - number)) for number in range(rows)]
    volume = draw.integers(10**6, 10**8, rows).astype(float)
    told = Bars(
        symbol=symbol, timeframe=Timeframe.d1, time=Times(days), open=Series(close * 0.998),
        high=Series(close * 1.01), low=Series(close * 0.99), close=Series(close),
        volume=Series(volume),
    )  # fmt: skip
    return ToolResult(symbol, None, told)


def story(evidence: Evidence, paragraphs: int) -> str:
    """What an analyst writes: two or three figures a sentence, some of them wrong."""
    told = [fact for fact in evidence.facts if fact.field == "last"]
    parts = []
    for number in range(paragraphs):
        fact = told[number % len(told)]
        column = evidence.columns[number % len(evidence.columns)]
        day, value = column.when(-50 - number), column.values[-50 - number]
        parts.append(
            f"{fact.symbol} trades at {fact.number}, 2.0 % below its high of "
            f"{float(fact.number) * 1.02:.2f}. It is {number % 7}.3 % up on the day, and the "
            f"spread is 0.05. On {day} {column.symbol} told a {column.field} of {value:.2f}, "
            f"against an average of {column.values[-20:].mean():.2f} over the last 20 bars; "
            f"the largest move since {day:%B %Y} was 12.5 %, from 104.22 to {value:.1f}.\n\n"
        )
    return "".join(parts)


def cost(evidence: Evidence, text: str) -> tuple[float, int]:
    """CPU seconds a token, and how many figures were judged."""
    tokens = [text[at : at + TOKEN] for at in range(0, len(text), TOKEN)]
    answer = Answer(evidence)
    begin = time.process_time()
    for token in tokens:
        if answer.feed(token):
            answer.so_far()
    found = answer.finish()
    spent = time.process_time() - begin
    return spent / len(tokens), len(found.citations) + len(found.unverified)


def bars_of(count: int) -> list[ToolResult]:
    return [bars(f"SER{number}", number, 500) for number in range(count)]


def streamed() -> tuple[float, float, float, float]:
    """Seconds a token, a token of the plain scan, the longest hold, and of one more result."""
    added = []
    evidence = Evidence([quotes(5)])
    for result in bars_of(20):
        begin = time.process_time()
        evidence.add(result)
        added.append(time.process_time() - begin)
    text = story(evidence, 40)[: 2_000 * TOKEN]
    tokens = [text[at : at + TOKEN] for at in range(0, len(text), TOKEN)]
    runs, plain = [], []
    for _ in range(RUNS):
        answer, held = Answer(evidence), []
        for token in tokens:
            begin = time.process_time()
            answer.feed(token)
            held.append(time.process_time() - begin)
        runs.append(held)
        begin = time.process_time()
        for sentence in text.split(". "):
            [parse(one["digits"], one["multiple"] or "") for one in NUMBER.finditer(sentence)]
        plain.append(time.process_time() - begin)
    steps = [min(times) for times in zip(*runs, strict=True)]
    return min(map(sum, runs)) / len(tokens), min(plain) / len(tokens), max(steps), max(added)


def main() -> int:
    """Measure, print, and fail when the limit is passed."""
    begin = time.process_time()
    results = [quotes(250), *(bars(f"SER{number}", number) for number in range(6))]
    evidence = Evidence(results)
    print(f"{len(evidence.facts):,} facts, {len(evidence.columns)} columns of {ROWS:,}; read in "
          f"{time.process_time() - begin:.2f} s (made included)")  # fmt: skip
    worst = 0.0
    for paragraphs in (30, 300):
        text = story(evidence, paragraphs)
        each, figures = cost(evidence, text)
        percent = each * RATE * 100
        worst = max(worst, percent)
        print(f"{len(text):,} letters, {figures} figures: {each * 1e6:.0f} µs a token, "
              f"{percent:.1f} % of a core at {RATE:.0f} tokens/s")  # fmt: skip
    token, plain, held, added = streamed()
    print(f"2,000 tokens over 20 results of 500 bars: {token * 1e6:.0f} µs a token, "
          f"{token / plain:.0f} times the plain scan ({plain * 1e6:.1f} µs), "
          f"{token * RATE * 100:.1f} % of a core")  # fmt: skip
    print(f"longest hold of a sentence {held * 1e3:.1f} ms (limit {HOLD * 1e3:.0f}), "
          f"one more result of 500 bars {added * 1e3:.1f} ms")  # fmt: skip
    worst = max(worst, token * RATE * 100)
    kept = worst <= LIMIT and held <= HOLD and added <= HOLD
    print(f"limit {LIMIT} %: {'kept' if kept else 'PASSED'}")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
