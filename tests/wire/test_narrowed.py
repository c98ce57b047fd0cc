from typing import Any

import pytest

from tio.api.access import OWNER, Principal
from tio.api.contract import Role
from tio.api.errors import Invalid
from tio.wire.narrowed import headers, narrowed


def test_the_owner_says_nothing_and_is_the_owner() -> None:
    assert headers(OWNER) == {}
    assert narrowed(OWNER, {}) == OWNER


@pytest.mark.parametrize("role", list(Role))
def test_a_connection_is_what_it_asks_to_be_and_never_more(role: Role) -> None:
    asked = headers(Principal(role=role, door="mcp"))

    assert narrowed(OWNER, asked) == Principal("owner", role, "mcp")
    assert narrowed(Principal("guest", Role.viewer, "ssh"), asked) == Principal(
        "guest", Role.viewer, "mcp"
    )


@pytest.mark.parametrize(
    "said",
    [{"Tio-Role": "root"}, {"Tio-Role": ""}, {"Tio-Door": "a b"}, {"Tio-Door": "x" * 21}],
)
def test_what_is_no_role_or_door_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        narrowed(OWNER, said)
