"""What a live source is given to reach its venue with."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tio.config import SourceSettings
from tio.engine.feeds.http import Answer, Budget, Host, Limiter, Web
from tio.plugin import Clock


@dataclass(frozen=True)
class Reach:
    """The web with its manners, time, the person's settings of this source, and its credentials.

    `secret(field)` is "" when the credential is absent; `jitter()` is uniform in [0, 1).
    """

    web: Web
    clock: Clock
    settings: SourceSettings = field(default_factory=SourceSettings)
    secret: Callable[[str], str] = lambda _: ""
    jitter: Callable[[], float] = random.random

    def address(self, otherwise: str) -> str:
        """The HTTP address to use: the person's own, else the venue's."""
        return self.settings.base_url or otherwise

    def host(
        self,
        name: str,
        address: str,
        budget: Budget,
        *,
        headers: Mapping[str, str] = {},
        credential: str = "",
        limits: Callable[[Answer, Limiter], None] | None = None,
        shared: str = "",
    ) -> Host:
        """A host of this source, at the person's own address where they gave one.

        `name` is the source's, or the source's with what it is for: `coinbase/exchange`.
        """
        return self.web.host(
            name,
            self.address(address),
            budget,
            headers=headers,
            credential=credential,
            limits=limits,
            own=bool(self.settings.base_url),
            shared=shared,
        )

    def socket(self, otherwise: str) -> str:
        """The WebSocket address to use: the person's own, else the venue's."""
        return self.settings.ws_url or otherwise
