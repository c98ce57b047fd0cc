"""Who asks, and the protocol by which a door learns it."""

from typing import Protocol

import msgspec

from tio.api.contract import Engine, Role


class Principal(msgspec.Struct, frozen=True):
    """Who says a word, through which door. `name` owns what the word writes."""

    name: str = "owner"
    role: Role = Role.owner
    door: str = "local"


OWNER = Principal()


class Access(Protocol):
    """What `wire` asks before a word is heard; stands between a door and the engine."""

    def session(self, principal: Principal, /) -> Engine:
        """The engine as this principal may use it."""
