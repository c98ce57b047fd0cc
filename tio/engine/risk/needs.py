"""What risk asks of the other services."""

from collections.abc import Awaitable, Callable, Sequence

from tio.api.access import Principal
from tio.api.companies import Profile
from tio.api.ledger import GetPositions
from tio.api.limits import RiskLimits
from tio.api.portfolio import Holdings
from tio.api.trading import ListedOrder, ListOrders

HoldingsOf = Callable[[GetPositions, Principal], Awaitable[Holdings]]
"""What a portfolio holds."""
ProfileOf = Callable[[str], Awaitable[tuple[int, Profile] | None]]
"""What is stored of an instrument, and since when (µs UTC)."""
LimitsOf = Callable[[str], Awaitable[RiskLimits]]
"""The limits of an owner."""
OrdersOf = Callable[[ListOrders, Principal], Awaitable[tuple[ListedOrder, ...]]]
"""The orders of a portfolio."""
Way = Sequence[tuple[str, bool]]
Ways = Callable[[str, str], Sequence[Way]]
"""From a currency to another: ways, best first, each of pairs and whether they are upside down."""
