import pytest

from tio.api.errors import Busy, SourceUnavailable
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.live.reading import reading


def test_what_cannot_be_read_is_an_answer_nobody_gave() -> None:
    words = "the answer of X cannot be read: no JSON"
    with pytest.raises(SourceUnavailable, match=words), reading("X"):
        raise Garbage("no JSON")


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(Busy), reading("X"):
        raise Busy("later")
