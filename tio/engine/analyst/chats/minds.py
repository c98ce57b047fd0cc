"""Who may answer: the models as configured, and what asking them costs."""

from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tio.engine.analyst.conversation.chain import Chain
    from tio.engine.analyst.conversation.loop import Limits


class Minds(Protocol):
    """The models of one engine. Without any the rules answer."""

    @property
    def limits(self) -> "Limits":
        """What one question may take."""

    @property
    def chain(self) -> "Chain":
        """The models in their order."""

    def cost(self, model: str, read: int, written: int) -> float | None:
        """What so many tokens of a model cost; None where no price is told."""

    def knows_until(self, model: str) -> date | None:
        """The day a model's own knowledge ends; None where nobody says."""
