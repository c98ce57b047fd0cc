"""A venue's list, read entry by entry: one that cannot be read does not hide the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from tio.api.market import Instrument
from tio.engine.feeds.frames import Garbage

log = logging.getLogger(__name__)

T = TypeVar("T")


def listed(
    entries: Iterable[T], instrument_of: Callable[[T], Instrument], source: str
) -> tuple[Instrument, ...]:
    """The instruments of a list; those that can be none are logged and left out."""
    found: list[Instrument] = []
    for entry in entries:
        try:
            found.append(instrument_of(entry))
        except Garbage as wrong:
            log.warning("%s lists what cannot be read: %s", source, wrong)
    return tuple(found)
