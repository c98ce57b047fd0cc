from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import numpy as np
import told_results
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.api.risk import CorrelationMatrix, CorrelationMethod
from tio.engine.analyst.grounding.answer import Answer, ground
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.facts import ToolResult
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.reading import read

EVIDENCE = Evidence([told_results.quotes(), told_results.bars(), told_results.holdings()])


def test_values_are_typed_by_their_names() -> None:
    facts = {fact.path: fact for fact in read(told_results.quotes()).facts}

    last = facts["[AAPL].last"]
    assert (last.kind, last.value, last.symbol, last.unit, last.source) == (
        Kind.price, Decimal("187.2"), "AAPL", "USD", "yahoo",
    )  # fmt: skip
    assert last.as_of == told_results.AT
    assert facts["[MSFT].change_percent"].kind is Kind.percent
    assert facts["[MSFT].volume"].kind is Kind.quantity


def test_series_stay_columns_and_any_value_of_them_can_be_cited() -> None:
    closes = next(c for c in read(told_results.bars()).columns if c.field == "close")

    assert (len(closes.values), closes.symbol) == (300, "AAPL")
    assert closes.fact(-1).path == "close[299]"
    assert closes.fact(-1).as_of == datetime(2026, 11, 20, tzinfo=UTC)
    assert [int(row) for row in closes.near(closes.values[7], closes.values[7])] == [7]


def test_a_matrix_belongs_to_its_pairs() -> None:
    told = CorrelationMatrix(
        symbols=("AAPL", "MSFT"), timeframe=Timeframe.d1, method=CorrelationMethod.pearson,
        window=250, values=((1.0, 0.62), (0.62, 1.0)), counts=((250, 250), (250, 250)),
        order=(0, 1),
    )  # fmt: skip
    pairs = [fact for fact in read(ToolResult("c", None, told)).facts if fact.field == "values"]

    assert [(one.symbol, one.other, str(one.value)) for one in pairs] == [
        ("AAPL", "MSFT", "0.62"), ("MSFT", "AAPL", "0.62"),
    ]  # fmt: skip


class Later(msgspec.Struct, frozen=True):
    """The answer of a word nobody knows yet."""

    symbol: str
    put_call_ratio: float
    open_interest: int
    borrow_share: float
    path: tuple[float, ...]


def test_a_word_added_later_is_understood() -> None:
    told = Later("AAPL", 0.83, 41_250, 0.037, tuple(np.linspace(1, 2, 100).tolist()))
    evidence = Evidence([ToolResult("c", None, told)])
    right = "AAPL has a put call ratio of 0.83, an open interest of 41,250 and 3.7 % borrow share."

    assert ground(right, evidence).share == 1.0
    assert ground(right.replace("0.83", "0.38"), evidence).share == 2 / 3


words = st.sampled_from(
    "AAPL MSFT 187.20 $402.10 1.2 % up down closed at . , ; \n | - high low 2026-11-20 the over "
    "20-day average of range − +2.31 (54.3M) 1,234 12,5 % Q3 2026 # ** [x](http://a.b/1) 5m x2 "
    "\u202e \x1b yesterday 14:30 UTC 99 99:99 1/2 31/31/2026 0 .5 5. €".split(" ")
)


@settings(deadline=None, max_examples=150)
@given(st.lists(words | st.text(max_size=8), max_size=40), st.integers(1, 7))
def test_any_text_is_judged_and_alike_in_pieces(parts: list[str], size: int) -> None:
    text = " ".join(parts)
    answer = Answer(EVIDENCE)
    for at in range(0, len(text), size):
        answer.feed(text[at : at + size])
    found = answer.finish()

    assert found == ground(text, EVIDENCE)
    assert found.text == text
    spans = [(one.start, one.end) for one in found.citations]
    spans += [(one.start, one.end) for one in found.unverified]
    assert all(0 <= start < end <= len(text) for start, end in spans)
