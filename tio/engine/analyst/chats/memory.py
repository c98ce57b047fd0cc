"""What chats ask of the memory of views."""

from typing import Protocol

from tio.api.analyst import Report
from tio.api.views import GivenView


class ViewMemory(Protocol):
    """Views an owner was given, and how often they held."""

    async def reported(
        self, owner: str, report: Report, by: str, *, chat: str = "", message: str = ""
    ) -> GivenView | None:
        """Keep the view of a report; None where it gives none, or one of the past."""

    async def held(self, owner: str, by: str) -> tuple[int, int]:
        """How many views of an author held, of how many that were scored."""
