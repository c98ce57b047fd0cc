"""One host asked below one path, as the venues without keys are."""

from collections.abc import Callable, Mapping
from typing import Protocol

from tio.api.errors import TioError
from tio.engine.feeds.http import Answer, Host, Priority, no_page


class Ask(Protocol):
    """A question: what is added to the path, the parameters, what for, and how urgent it is."""

    async def __call__(
        self, path: str, params: Mapping[str, str], capability: str, priority: Priority
    ) -> Answer: ...


def asking(host: Host, below: str, body_error: Callable[[Answer], None]) -> Ask:
    """Asks the host below that path; `body_error` raises what an answer refuses with."""

    async def ask(
        path: str, params: Mapping[str, str], capability: str, priority: Priority
    ) -> Answer:
        return await host.get(
            f"{below}{path}",
            params,
            capability=capability,
            priority=priority,
            body_error=body_error,
        )

    return ask


def refusing(refusal: Callable[[bytes], TioError | None]) -> Callable[[Answer], None]:
    """A `body_error`: raises the error that an answer with HTTP 200 is, be it a web page."""

    def check(answer: Answer) -> None:
        if answer.status != 200:
            return
        no_page(answer)
        error = refusal(answer.body)
        if error is not None:
            raise error

    return check
