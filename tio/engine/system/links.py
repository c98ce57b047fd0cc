"""Link groups: several terminals that look at one symbol."""

from collections.abc import Mapping, Sequence
from typing import Any

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import After, Request, Topic, Watch
from tio.api.system import FollowLink, Link, Links
from tio.engine.bus import Bus
from tio.engine.service import Answer, Stream


class LinkGroups:
    """Where each caller's groups look; kept while the engine lives."""

    def __init__(self, bus: Bus) -> None:
        self._links: dict[tuple[str, str], Link] = {}
        self._channel = bus.latest(self._links.get)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {FollowLink: self._follow}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Links: self._watch}

    async def start(self) -> None:
        """No group looks anywhere yet."""

    async def close(self) -> None:
        self._links.clear()

    async def _follow(self, request: FollowLink, principal: Principal) -> Link:
        link = Link(request.group, clean(request.symbol), clean(request.timeframe))
        self._links[principal.name, request.group] = link
        self._channel.touch((principal.name, request.group))
        return link

    def _watch(self, _: Links, principal: Principal, __: After | None) -> Watch[tuple[Link, ...]]:
        keys = [(principal.name, group) for group in "ABCD"]

        def snapshot() -> tuple[Link, ...]:
            return tuple(self._links[key] for key in keys if key in self._links)

        def gather(links: Sequence[Link]) -> tuple[Link, ...]:
            return tuple(links)

        return self._channel.watch(keys, snapshot, gather)
