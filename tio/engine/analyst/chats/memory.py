"""What chats ask of the memory of views."""

from typing import Protocol

from tio.api.analyst import Report
from tio.api.views import GivenView
from tio.engine.analyst.views.giving import Said


class ViewMemory(Protocol):
    """Views an owner was given, and how often they held."""

    async def reported(
        self, owner: str, report: Report, by: str, *, chat: str = "", message: str = ""
    ) -> GivenView | None:
        """Keep the view of a report; None where it gives none, or one of the past."""

    async def given(
        self, owner: str, said: Said, *, chat: str = "", message: str = ""
    ) -> GivenView | None:
        """Keep a view given now; None where it is of the past, or nothing could measure it."""

    async def held(self, owner: str, by: str) -> tuple[int, int]:
        """How many views of an author held, of how many that were scored."""
