"""Long answers, kept a while so that a model can read the whole of them."""

import secrets
from collections import OrderedDict
from typing import NamedTuple

from tio.api.errors import Invalid, NotFound
from tio.mcp.telling import MOST, Draft

KEPT = 32
KEPT_CHARACTERS = 32_000_000


class Page(NamedTuple):
    """What is told of an answer, and a note of what is left out; no note: that is all."""

    text: str
    note: str = ""


class Answers:
    """The last long answers by their handles; the oldest go first."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._size = 0

    def page(self, draft: Draft) -> Page:
        """An answer in its place, shortened where it is long and kept whole."""
        whole, short = draft
        if short == whole:
            return Page(whole)
        handle = self._keep(whole)
        if short is None:
            return self.read(handle, 0)
        return Page(
            short,
            "Shortened: long lists are cut to the same length, columns to their last (newest) "
            f"items, rows to their first. The whole is {len(whole):,} characters of JSON: "
            f'read_more(handle="{handle}", offset=0) begins it. Asking for less '
            "(limit, start, end, symbol) tells all of that.",
        )

    def read(self, handle: str, offset: int) -> Page:
        """So much of the whole from there on; NotFound for one not kept any more."""
        if handle not in self._kept:
            raise NotFound(f"no answer is kept as {handle[:40]!r}", "Ask the same tool again.")
        whole = self._kept[handle]
        self._kept.move_to_end(handle)
        if not 0 <= offset <= len(whole):
            raise Invalid(f"that answer ends at {len(whole)}, the offset was {offset}")
        end = offset + self.most
        if end >= len(whole):
            return Page(whole[offset:], f"The end: characters {offset:,} to {len(whole):,}.")
        return Page(
            whole[offset:end],
            f"Characters {offset:,} to {end:,} of {len(whole):,}: "
            f'read_more(handle="{handle}", offset={end}) goes on.',
        )

    def _keep(self, whole: str) -> str:
        handle = secrets.token_hex(5)
        self._kept[handle] = whole
        self._size += len(whole)
        while len(self._kept) > 1 and (len(self._kept) > KEPT or self._size > KEPT_CHARACTERS):
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone)
        return handle
