"""Server-sent events, split anywhere."""

from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.engine.analyst.models import events
from tio.engine.analyst.models.events import TooLong, event_data

STREAM = ": hello\r\n\r\ndata: one\r\ndata: two\r\n\r\nevent: x\ndata:{€}\n\ndata: last".encode()


async def chunks(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
async def test_events_are_the_same_wherever_the_bytes_are_split(cuts: list[int]) -> None:
    at = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[a:b] for a, b in pairwise(at)]
    assert [each async for each in event_data(chunks(pieces))] == ["one\ntwo", "{€}", "last"]


async def test_an_event_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LONGEST", 100)
    with pytest.raises(TooLong):
        _ = [each async for each in event_data(chunks([b"data: " + b"x" * 60] * 2))]
