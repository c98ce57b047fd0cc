"""Answers kept for a while, within a bound of memory."""

from collections import OrderedDict

import msgspec

from tio.engine.feeds.http.shapes import Answer


class Kept(msgspec.Struct, frozen=True):
    """An answer and the monotonic second in which it was last known to be current."""

    answer: Answer
    at: float


class AnswerCache:
    """The answers last used, at most `most_bytes` of bodies in all; one larger is not kept."""

    def __init__(self, most_bytes: int = 32 << 20) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self.bytes = 0

    def get(self, key: str) -> Kept | None:
        """What is kept, however old."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: str, answer: Answer, at: float) -> None:
        """Keep it; the ones not used for longest go."""
        self.drop(key)
        if len(answer.body) > self._most // 4:
            return
        self._kept[key] = Kept(answer, at)
        self.bytes += _size(key, answer)
        while self.bytes > self._most:
            self.drop(next(iter(self._kept)))

    def drop(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.bytes -= _size(key, kept.answer)


def conditions(answer: Answer) -> dict[str, str]:
    """The headers that ask only for what is newer than this."""
    asked = {}
    if etag := answer.headers.get("etag"):
        asked["If-None-Match"] = etag
    if modified := answer.headers.get("last-modified"):
        asked["If-Modified-Since"] = modified
    return asked


def _size(key: str, answer: Answer) -> int:
    return len(key) + len(answer.body) + 2_000
