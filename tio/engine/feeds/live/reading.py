"""What cannot be read of a source's answer, told as an answer nobody gave."""

from collections.abc import Iterator
from contextlib import contextmanager

from tio.api.errors import SourceUnavailable
from tio.engine.feeds.frames import Garbage


@contextmanager
def reading(venue: str) -> Iterator[None]:
    """Garbage becomes SourceUnavailable, so that another source gets its turn."""
    try:
        yield
    except Garbage as garbage:
        words = f"the answer of {venue} cannot be read: {garbage.sentence}"
        raise SourceUnavailable(words, "another source answers meanwhile") from None
