"""Who a connection is: its door's principal, or less of it where it asks for less."""

from collections.abc import Mapping

from aiohttp import web

from tio.api.access import OWNER, Access, Principal
from tio.api.contract import Engine, Role
from tio.api.errors import Invalid

ROLE, DOOR = "Tio-Role", "Tio-Door"


def headers(principal: Principal) -> dict[str, str]:
    """What a client says to be heard as less than the owner."""
    if principal == OWNER:
        return {}
    return {ROLE: principal.role, DOOR: principal.door}


def narrowed(most: Principal, said: Mapping[str, str]) -> Principal:
    """The principal meant: never more than `most`; Invalid for a role there is not."""
    role, door = said.get(ROLE, most.role), said.get(DOOR, most.door)
    if role not in list(Role):
        raise Invalid(f"there is no role {role[:20]!r}", ", ".join(Role))
    if not (door.isascii() and door.isalnum() and len(door) <= 20):
        raise Invalid(f"that is no name of a door: {door[:20]!r}", "up to 20 letters, as mcp")
    least = Role(role) if most.role.covers(Role(role)) else most.role
    return Principal(most.name, least, door)


class Sessions:
    """The engine as each connection of a door may use it."""

    def __init__(self, access: Access, principal: Principal) -> None:
        self._access = access
        self._principal = principal
        self.whole = access.session(principal)

    def of(self, call: web.Request) -> Engine:
        principal = narrowed(self._principal, call.headers)
        return self.whole if principal == self._principal else self._access.session(principal)
