"""What the words of `tio orders` mean."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from tio.api.errors import Invalid
from tio.api.market import Side
from tio.api.orders import BracketLegs, OrderType, TimeInForce, Trail
from tio.api.trading import GetTicket, OtherOrder, PlaceOrder, PreviewOrder, ReplaceOrder
from tio.commands.bar_tables import timeframe_of
from tio.commands.ledger_words import decimal

Asked = TypeVar("Asked", PlaceOrder, PreviewOrder)
Told = Mapping[str, str]
"""Options by name, "" where one is not given."""


def side_named(word: str) -> Side:
    """buy or sell; Invalid."""
    try:
        return Side(word.lower())
    except ValueError:
        raise Invalid(f"a side is buy or sell, was {word[:20]!r}") from None


def trail_of(name: str, text: str) -> Trail | None:
    """A trail as an amount, 1.50, or as percent, 2%; Invalid."""
    if not text:
        return None
    if text.endswith("%"):
        return Trail(percent=decimal(name, text[:-1]))
    return Trail(amount=decimal(name, text))


def order_fields(told: Told, *, flags: Mapping[str, bool]) -> dict[str, Any]:
    """The fields of PlaceOrder the options tell, its type by the prices given; Invalid."""
    limit, stop = decimal("--limit", told["limit"]), decimal("--stop", told["stop"])
    trail = trail_of("--trail", told["trail"])
    return {
        "type": _type(limit, stop, trail),
        "limit": limit,
        "stop": stop,
        "trail": trail,
        "time_in_force": time_in_force(told["tif"]) or TimeInForce.day,
        "bracket": _bracket(told),
        "oco": _other(told),
        "setup": told.get("setup", ""),
        **flags,
    }


def asked(
    kind: type[Asked],
    portfolio: str,
    words: tuple[str, str, str],
    fields: Mapping[str, Any],
) -> Asked:
    """The word for `buy AAPL 10` with those fields; Invalid."""
    side, symbol, quantity = words
    return kind(portfolio, symbol, side_named(side), needed("quantity", quantity), **fields)


def change(id: str, told: Told) -> ReplaceOrder:
    """What the options change of an order; Invalid where they change nothing."""
    made = ReplaceOrder(
        id,
        quantity=decimal("--quantity", told["quantity"]),
        limit=decimal("--limit", told["limit"]),
        stop=decimal("--stop", told["stop"]),
        trail=trail_of("--trail", told["trail"]),
        time_in_force=time_in_force(told["tif"]),
    )
    if made == ReplaceOrder(id):
        raise Invalid("nothing is to be changed", "as --limit 187.20, or --quantity 5")
    return made


def ticket(portfolio: str, side: str, symbol: str, told: Told) -> GetTicket:
    """The ticket the options ask for: two average true ranges and one percent where none do."""
    stop, swing = decimal("--stop", told["stop"]), told["swing"]
    atr = told["atr"] or ("" if stop is not None or swing else "2")
    risk = told["risk"] or "1%"
    percent = risk.endswith("%")
    amount = needed("--risk", risk.removesuffix("%"))
    bars = decimal("--swing", swing)
    return GetTicket(
        portfolio,
        symbol,
        side_named(side),
        entry=decimal("--entry", told["entry"]),
        stop=stop,
        stop_atr=decimal("--atr", atr),
        swing=None if bars is None else int(bars),
        risk=None if percent else amount,
        risk_percent=amount if percent else None,
        timeframe=timeframe_of(told["timeframe"]),
    )


def time_in_force(word: str) -> TimeInForce | None:
    """day or gtc, None of an empty word; Invalid."""
    try:
        return TimeInForce(word.lower()) if word else None
    except ValueError:
        raise Invalid(f"an order stands for the day or is gtc, was {word[:20]!r}") from None


def needed(name: str, text: str) -> Decimal:
    """The number a text is; Invalid where it is none."""
    number = decimal(name, text)
    if number is None:
        raise Invalid(f"{name} is missing", "give a number")
    return number


def _type(limit: Decimal | None, stop: Decimal | None, trail: Trail | None) -> OrderType:
    if trail is not None:
        return OrderType.trailing
    if stop is not None:
        return OrderType.stop if limit is None else OrderType.stop_limit
    return OrderType.market if limit is None else OrderType.limit


def _bracket(told: Told) -> BracketLegs | None:
    legs = BracketLegs(
        target=decimal("--target", told["target"]),
        stop=decimal("--stop-loss", told["stop_loss"]),
        stop_limit=decimal("--stop-loss-limit", told["stop_loss_limit"]),
        trail=trail_of("--stop-loss-trail", told["stop_loss_trail"]),
    )
    return None if legs == BracketLegs() else legs


def _other(told: Told) -> OtherOrder | None:
    limit, stop = decimal("--oco-limit", told["oco_limit"]), decimal("--oco-stop", told["oco_stop"])
    if limit is None and stop is None:
        return None
    return OtherOrder(type=_type(limit, stop, None), limit=limit, stop=stop)
