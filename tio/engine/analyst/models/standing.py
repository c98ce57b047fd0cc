"""How a model stands, put together from what is known of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tio.api.models import ModelKind, ModelStanding, ModelState
from tio.config import Analyst
from tio.engine.analyst.models.keys import ModelKeys
from tio.engine.analyst.models.settings import Settings
from tio.engine.analyst.models.speech import Fault
from tio.engine.analyst.models.spending import Spending
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.analyst.conversation.chain import Speaker

_STANDINGS = {
    Fault.unreachable: ModelStanding.unreachable,
    Fault.refused: ModelStanding.refused,
    Fault.unknown_model: ModelStanding.unknown_model,
}
_BARE = "what is said, and its key, go there unencrypted"
_NO_WORSE = frozenset((Fault.overflow, Fault.unable))
"""What one question came to that says nothing about the next."""


@dataclass(frozen=True)
class Standing:
    """What tells of models; `unreached` says why one's server may not be asked, "" when it may."""

    config: Analyst
    wall: Clock
    keys: ModelKeys
    spending: Spending
    unreached: Callable[[str], str]

    def of(self, told: Settings, speaker: "Speaker | None") -> ModelState:
        """A model's state; `speaker` is None as long as nobody has asked anything."""
        state, reason = self._now(told, speaker)
        rest = 0.0 if speaker is None else speaker.breaker.resting
        spent, terms = self.spending.of(told.name), self.config.terms(told.name)
        return ModelState(
            name=told.name,
            kind=ModelKind(told.kind),
            model=told.model,
            url=told.url,
            state=state,
            reason=reason,
            next_try_at=self.wall.now() + timedelta(seconds=rest) if rest else None,
            tools=None if speaker is None else speaker.tools,
            structured=None if speaker is None else speaker.structured,
            thinks=None if speaker is None else speaker.thinks,
            context=told.context if speaker is None else speaker.known_window,
            knows_until=terms.knows_until,
            key=self.keys.place(told),
            variable=self.keys.variable(told),
            read_today=spent.read,
            written_today=spent.written,
            cost_today=spent.cost,
            currency=self.config.currency,
        )

    def _now(self, told: Settings, speaker: "Speaker | None") -> tuple[ModelStanding, str]:
        if why := self.unreached(told.name):
            return ModelStanding.offline, why
        if why := self.spending.over(told.name):
            return ModelStanding.spent, why
        bare = _BARE if told.url.startswith("http:") and not told.loopback else ""
        if speaker is None:
            return ModelStanding.unchecked, bare
        failure = speaker.breaker.failure
        if failure is not None and failure.fault not in _NO_WORSE:
            return _STANDINGS.get(failure.fault, ModelStanding.failing), failure.text
        known = speaker.ability is not None or speaker.breaker.worked
        return (ModelStanding.ready if known else ModelStanding.unchecked), bare
