import os
import socket
from typing import Any

import pytest
from aiohttp import ClientSession, UnixConnector

from tio.wire import peers

from fakes import FakeEngine


def test_the_kernel_tells_who_connected() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert peers.peer_uid(ours) == os.getuid()
        assert peers.is_owner(ours)


def test_a_connection_without_a_socket_is_nobodys() -> None:
    assert not peers.is_owner(None)


async def test_another_user_is_refused_and_closed(
    serve: Any, socket_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "peer_uid", lambda connection: os.getuid() + 1)
    engine = FakeEngine()
    await serve(engine)

    async with ClientSession("http://tio", connector=UnixConnector(str(socket_path))) as http:
        for method, address in (
            ("POST", "/v1/ask/GetQuotes"),
            ("GET", "/v1/words"),
            ("GET", "/v1/watch"),
            ("GET", "/v1/watch/Quotes"),
            ("GET", "/healthz"),
        ):
            async with http.request(method, address) as reply:
                assert reply.status == 403
                assert (await reply.json())["error"]["code"] == "not_allowed"
                assert reply.headers["Connection"] == "close"

    assert engine.asked == []
