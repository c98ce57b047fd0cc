"""Everything as it was at a past moment: any word that can be, without what came later."""

from datetime import datetime

import msgspec

from tio.api.contract import Request, word

STILL_LIVE = frozenset(
    ("ChatEvents", "Jobs", "Links", "Log", "ModelExams", "ModelStates", "Replays", "SourceStates",
     "Watchlists")
)  # fmt: skip
"""Topics that tell of this machine or of what one keeps: they go on while one looks back."""
STILL_WRITTEN = frozenset(
    ("Ask", "CancelJob", "DeleteChat", "DeleteLayout", "FollowLink", "RenameChat", "SaveLayout",
     "SaveSetting", "StartChat", "StopAnswer")
)  # fmt: skip
"""Writes that change nothing but how one looks, and what one asks, at a past moment."""


class AskedAsOf(msgspec.Struct, frozen=True, kw_only=True):
    """A word's answer at a past moment, as JSON; `said` tells what of the ask was changed."""

    at: datetime
    answer: str
    said: str = ""


@word()
class AskAsOf(Request[AskedAsOf], frozen=True):
    """Ask a word of a past moment: the answer holds nothing that came later.

    `word` names a request that reads, or a topic, whose answer is its snapshot; `fields` are its
    fields as JSON. Invalid for a moment to come, Conflict for a word that cannot tell of the past.
    """

    at: datetime
    word: str
    fields: str = "{}"
