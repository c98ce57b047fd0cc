"""A server's own count of what was used, believed where it is higher than ours."""

from collections.abc import Callable
from functools import partial

from tio.api.errors import TioError
from tio.engine.feeds.http import Answer, Budget, Host, Limiter, QuotaSpent, Throttled
from tio.engine.feeds.live.reach import Reach


class Allowance:
    """Hears in the answers of one host that a window of its budget is used up.

    `refusal` is the error a body is. `header` names one that counts what was used of `short`.
    """

    def __init__(
        self,
        refusal: Callable[[bytes, int], TioError | None],
        budget: Budget,
        short: str,
        day: str = "",
        header: str = "",
    ) -> None:
        self._refusal = refusal
        self._limits = {window.name: window.limit for window in budget.windows}
        self._short, self._day, self._header = short, day, header
        self._limiter: Limiter | None = None

    def listen(self, answer: Answer, limiter: Limiter) -> None:
        """Take the count from an answer's headers; for `limits` of a host."""
        self._limiter = limiter
        said = answer.headers.get(self._header, "") if self._header else ""
        if said.isdecimal():
            limiter.used(self._short, float(said))

    def checking(self, read: Callable[[bytes], object] | None = None) -> Callable[[Answer], None]:
        """A `body_error`: raises what an answer refuses with.

        `read` is given where answers are kept a while, so that none that cannot be read is.
        """
        return partial(self._check, read)

    def _check(self, read: Callable[[bytes], object] | None, answer: Answer) -> None:
        error = self._refusal(answer.body, answer.status)
        if error is None:
            if read is not None and answer.status == 200:
                read(answer.body)
            return
        # With the status 429 the words are not heard elsewhere: whether a minute or a day is over.
        if self._limiter is not None and isinstance(error, QuotaSpent) and self._day:
            self._limiter.used(self._day, self._limits[self._day])
        elif self._limiter is not None and isinstance(error, Throttled):
            self._limiter.used(self._short, self._limits[self._short])
        raise error


def keyed_host(
    reach: Reach, name: str, address: str, budget: Budget, scheme: str, allowance: Allowance
) -> Host:
    """The host that is shown the key in `Authorization`, after the scheme's word."""
    key = reach.secret("key")
    return reach.host(
        name,
        address,
        budget,
        headers={"Authorization": f"{scheme} {key}"},
        credential=key,
        limits=allowance.listen,
    )
