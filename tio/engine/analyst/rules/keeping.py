"""Reports kept while all they stand on is as it was."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from msgspec.structs import replace as changed

from tio.api.access import Principal
from tio.api.analyst import Report
from tio.api.contract import Request
from tio.api.market import GetBars, GetQuotes
from tio.engine.analyst.rules.evidence import Witness, print_of
from tio.engine.analyst.rules.writing import Asking, ask_all
from tio.engine.service import asked_as_of

MOST = 64
"""Reports kept; the one that was asked for longest ago goes."""
HOUR, QUARTER = 3_600, 900


@dataclass(frozen=True)
class Kept:
    """A report and what it stood on: prints by word, the store's revision, the moment.

    `resting` are its bars, which need not be asked for while nothing is stored. `past`: whether
    something was reckoned from stored bars that no word of the prints tells.
    """

    report: Report
    prints: Mapping[Request[Any], bytes]
    revision: Hashable
    at: datetime
    resting: frozenset[Request[Any]]
    past: bool


class KeptReports:
    """Tells a report again when every answer it is made of comes again as it was.

    The inputs are looked at anew each time, never their age alone: what takes long to reckon from
    them is not. Bars are asked for again where anything was stored since, or a quarter of an hour
    is over; until then they can only change with their quote. Sentences that count days or hours
    hold for the hour they were written in.
    """

    def __init__(self, revision: Callable[[], Hashable], most: int = MOST) -> None:
        self._revision = revision
        self._most = most
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self.again = 0
        """How many were told without being written anew."""

    async def told(
        self,
        request: Request[Report],
        principal: Principal,
        asking: Asking,
        write: Callable[[Asking], Awaitable[Report]],
    ) -> Report:
        """The report as it is kept, as of now, or written."""
        key = (principal.name, principal.role, asking.there, asked_as_of.get(), request)
        # Read before anything is asked: what is stored meanwhile is another revision.
        revision, fresh = self._revision(), dict[Request[Any], Any]()
        kept = self._kept.get(key)
        if kept is not None and _same(kept.at, asking.now, HOUR):
            fresh = await ask_all(asking.engine, _to_ask(kept, revision, asking.now))
            stands = revision == kept.revision or not kept.past
            if stands and all(print_of(fresh[each]) == kept.prints[each] for each in fresh):
                self._keep(key, replace(kept, revision=revision, at=asking.now))
                self.again += 1
                past = getattr(request, "at", None) is not None
                return kept.report if past else changed(kept.report, as_of=asking.now)
        witness = Witness(asking.engine, fresh)
        report = await write(replace(asking, engine=witness))
        resting = frozenset(_resting(witness))
        kept = Kept(report, witness.prints, revision, asking.now, resting, witness.past)
        self._keep(key, kept)
        return report

    def forget(self) -> None:
        """Have every report written anew."""
        self._kept.clear()

    def _keep(self, key: Hashable, kept: Kept) -> None:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _to_ask(kept: Kept, revision: Hashable, now: datetime) -> list[Request[Any]]:
    """The words by which it is seen whether a report still stands."""
    still = revision == kept.revision and _same(kept.at, now, QUARTER)
    return [each for each in kept.prints if not (still and each in kept.resting)]


def _resting(witness: Witness) -> Iterator[Request[Any]]:
    """Bars whose quote was asked for too; those that were refused may come any moment."""
    for each in witness.prints:
        if isinstance(each, GetBars) and each not in witness.refused:
            quote = GetQuotes((each.symbol,))
            if quote in witness.prints and quote not in witness.refused:
                yield each


def _same(one: datetime, other: datetime, seconds: int) -> bool:
    """Whether both moments are within one span of so many seconds, counted from midnight UTC."""
    return one.timestamp() // seconds == other.timestamp() // seconds
