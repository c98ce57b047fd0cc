"""Resources: watchlists and portfolios by their addresses, tio://watchlists/NAME."""

from typing import Any
from urllib.parse import quote, unquote

from mcp_types import Resource, ResourceTemplate

from tio.api.clean import clean
from tio.api.contract import Request, Role
from tio.api.errors import NotFound
from tio.api.ledger import GetPositions, ListPortfolios
from tio.api.watchlists import ListWatchlists
from tio.mcp.fences import fenced
from tio.mcp.offered import is_offered
from tio.mcp.reach import Asked

JSON = "application/json"
WATCHLISTS, PORTFOLIOS = "tio://watchlists/", "tio://portfolios/"


class Shelves:
    """What is there to be read without asking for it by a tool."""

    def __init__(self, engine: Asked, role: Role) -> None:
        self._engine = engine
        self._role = role

    async def listed(self) -> list[Resource]:
        """Every watchlist and portfolio of the caller."""
        lists = await self._asked(ListWatchlists())
        portfolios = await self._asked(ListPortfolios())
        return [
            *(
                _resource(WATCHLISTS, each.name, f"A watchlist of {len(each.symbols)} symbols.")
                for each in lists
            ),
            *(
                _resource(PORTFOLIOS, each.name, f"What it holds and is worth, in {each.currency}.")
                for each in portfolios
            ),
        ]

    async def read(self, address: str) -> Any:
        """The value at an address; NotFound where there is none."""
        if address.startswith(PORTFOLIOS) and is_offered(GetPositions, self._role):
            return await self._engine.ask(GetPositions(unquote(address[len(PORTFOLIOS) :])))
        if address.startswith(WATCHLISTS):
            name = unquote(address[len(WATCHLISTS) :])
            for each in await self._asked(ListWatchlists()):
                if each.name == name:
                    return each
            raise NotFound(f"there is no watchlist {clean(name, limit=60)!r}")
        raise NotFound(
            f"there is nothing at {clean(address, limit=120)!r}",
            f"{WATCHLISTS}NAME or {PORTFOLIOS}NAME",
        )

    async def _asked(self, request: Request[Any]) -> Any:
        return await self._engine.ask(request) if is_offered(type(request), self._role) else ()


def templates() -> list[ResourceTemplate]:
    return [
        ResourceTemplate(
            uri_template=f"{WATCHLISTS}{{name}}",
            name="watchlist",
            description="A watchlist: its symbols in their order.",
            mime_type=JSON,
        ),
        ResourceTemplate(
            uri_template=f"{PORTFOLIOS}{{name}}",
            name="portfolio",
            description="A portfolio: what it holds and is worth now.",
            mime_type=JSON,
        ),
    ]


def _resource(shelf: str, name: str, description: str) -> Resource:
    return Resource(
        uri=f"{shelf}{quote(name, safe='')}",
        name=fenced(name),
        description=clean(description),
        mime_type=JSON,
    )
