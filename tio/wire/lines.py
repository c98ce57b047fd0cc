"""GET /v1/watch/NAME?field=a,b: the same items one a line, for curl and jq."""

import asyncio
from typing import Any

from aiohttp import web

from tio.api.contract import Delivery, Topic
from tio.api.errors import Invalid, TioError
from tio.wire import encoding
from tio.wire.flow import Flow
from tio.wire.narrowed import Sessions
from tio.wire.pace import Pace


class LineDoor:
    """Streams one topic as newline-delimited JSON until either side leaves."""

    def __init__(self, sessions: Sessions, encoder: encoding.ItemEncoder, pace: Pace) -> None:
        self._sessions = sessions
        self._encoder = encoder
        self._pace = pace
        self._streams: dict[asyncio.Task[Any], Flow] = {}

    @property
    def clients(self) -> int:
        return len(self._streams)

    async def stream(self, call: web.Request) -> web.StreamResponse:
        doubled = [name for name in call.query if len(call.query.getall(name)) > 1]
        if doubled:
            raise Invalid(f"{doubled[0][:40]} is given twice", "separate values with commas")
        topic = encoding.topic_from_query(call.match_info["name"], dict(call.query))
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        task = asyncio.current_task()
        assert task is not None
        self._streams[task] = flow = Flow(call)
        try:
            await self._pour(topic, call, response, flow)
        except TioError as error:
            if not response.prepared:
                raise
            await response.write(encoding.error_body(error.fault) + b"\n")
        finally:
            del self._streams[task]
        if not response.prepared:
            await response.prepare(call)
        await response.write_eof()
        return response

    def close(self) -> None:
        """End every stream: the engine leaves."""
        for task, flow in list(self._streams.items()):
            task.cancel()
            flow.abort()

    async def _pour(
        self, topic: Topic[Any], call: web.Request, response: web.StreamResponse, flow: Flow
    ) -> None:
        """Answers once the first item is there, so that a refused topic still gets its status."""
        paced = topic.meaning.delivery is Delivery.latest
        beat = self._pace.join()
        async with self._sessions.of(call).watch(topic) as items:
            async for item in items:
                if not response.prepared:
                    await response.prepare(call)
                await response.write(self._encoder.line(item) + b"\n")
                del item  # a stuck client's would stay for as long as it is stuck
                if paced:
                    await beat.next()
                while not flow.drained():
                    await beat.next()
