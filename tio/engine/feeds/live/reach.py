"""What a live source is given to reach its venue with."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tio.config import SourceSettings
from tio.engine.feeds.http import Web
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

    def socket(self, otherwise: str) -> str:
        """The WebSocket address to use: the person's own, else the venue's."""
        return self.settings.ws_url or otherwise
