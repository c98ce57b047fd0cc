"""What a ticket says line by line, and the words it comes to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from tio.api.errors import Invalid
from tio.api.market import Side
from tio.api.orders import BracketLegs, OrderType, TimeInForce
from tio.api.trading import GetTicket, OrderTicket, PlaceOrder, PreviewOrder
from tio.screens.entry_line import number

Asked = TypeVar("Asked", PlaceOrder, PreviewOrder)
NONE, BY_RISK = "none", "by risk"
PRESETS: Mapping[str, Sequence[str]] = {
    "entry": ("market",),
    "stop": ("1 atr", "1.5 atr", "2 atr", "3 atr", "swing 10", "swing 20", NONE),
    "target": (NONE, "1 R", "1.5 R", "2 R", "3 R", "5 R"),
    "risk": ("0.25%", "0.5%", "1%", "2%"),
    "quantity": (BY_RISK,),
    "stands": ("day", "gtc", "day extended", "gtc extended"),
    "short": ("no", "yes"),
}
EXAMPLES = {
    "entry": "market, 187.20 (limit), stop 190, or stop 190 limit 191",
    "stop": "180, 2 atr, swing 10, or none",
    "target": "200, 2 R, or none",
    "risk": "1%, or 500",
    "quantity": "10, or by risk",
    "stands": "day, gtc, day extended, gtc extended",
    "short": "yes, or no",
}
_ENTRY = re.compile(r"(?:stop (?P<stop>\S+))?(?: ?limit )?(?P<limit>\S+)?")


@dataclass(frozen=True, slots=True)
class TicketForm:
    """A ticket's lines as they are written."""

    side: Side = Side.buy
    entry: str = "market"
    stop: str = "2 atr"
    target: str = "2 R"
    risk: str = "1%"
    quantity: str = BY_RISK
    stands: str = "day"
    short: str = "no"

    @property
    def lines(self) -> tuple[str, ...]:
        """The names of the lines, in order."""
        names = ("entry", "stop", "target", "risk", "quantity", "stands")
        return names if self.side is Side.buy else (*names, "short")

    @property
    def sized(self) -> bool:
        """Whether there is a stop to size by."""
        return self.stop != NONE

    def stepped(self, name: str, by: int) -> "TicketForm":
        """The next preset of a line, or the one before; from what was typed, the first."""
        presets, now = PRESETS[name], getattr(self, name)
        at = (presets.index(now) + by) % len(presets) if now in presets else 0
        return self.written(name, presets[at])

    def written(self, name: str, text: str) -> "TicketForm":
        """With a line written anew; Invalid where it says nothing that line can."""
        return replace(self, **{name: _CHECKED[name](" ".join(text.split()))})


def closing(side: Side, held: Decimal) -> TicketForm:
    """The ticket that closes what is held."""
    return TicketForm(side, stop=NONE, target=NONE, quantity=f"{abs(held):f}")


def ticket_asked(form: TicketForm, portfolio: str, symbol: str) -> GetTicket:
    """The size and the risk of a form with a stop."""
    kind, price = _pair(form.stop)
    risk = _risk(form.risk)
    limit, stop = entry_of(form.entry)
    return GetTicket(
        portfolio,
        symbol,
        form.side,
        entry=limit if limit is not None else stop,
        stop=price if kind == "at" else None,
        stop_atr=price if kind == "atr" else None,
        swing=int(price) if kind == "swing" else None,
        risk=None if form.risk.endswith("%") else risk,
        risk_percent=risk if form.risk.endswith("%") else None,
        targets=(_target(form.target)[1],) if _target(form.target)[0] == "R" else (),
    )


def order_asked(
    kind: type[Asked], form: TicketForm, portfolio: str, symbol: str, sized: OrderTicket | None
) -> Asked:
    """The order a form comes to; Invalid where its size is not known."""
    quantity = None if form.quantity == BY_RISK else number(form.quantity)
    if quantity is None and sized is not None:
        quantity = sized.ticket.size.quantity
    if quantity is None:
        raise Invalid("without a stop nothing tells how much", "Write a quantity, or a stop")
    limit, stop = entry_of(form.entry)
    stands, _, extended = form.stands.partition(" ")
    return kind(
        portfolio,
        symbol,
        form.side,
        quantity,
        _type(limit, stop),
        limit,
        stop,
        time_in_force=TimeInForce(stands),
        extended_hours=bool(extended),
        short=form.short == "yes" and form.side is Side.sell,
        bracket=_legs(form, sized),
    )


def entry_of(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Limit and stop an entry tells; neither at the market."""
    if text == "market":
        return None, None
    match = _ENTRY.fullmatch(text)
    told = match.groupdict() if match else {}
    limit, stop = number(told.get("limit") or ""), number(told.get("stop") or "")
    if match is None or (limit is None and stop is None):
        raise Invalid(f"{text[:30]!r} is no entry", f"Write {EXAMPLES['entry']}")
    return limit, stop


def _legs(form: TicketForm, sized: OrderTicket | None) -> BracketLegs | None:
    stop = sized.ticket.stop if sized is not None and form.sized else None
    kind, value = _target(form.target)
    target = value if kind == "at" else None
    if kind == "R":
        if sized is None or not sized.ticket.targets:
            raise Invalid("a target in R needs a stop", "Write a price, or a stop")
        target = sized.ticket.targets[0].price
    return None if target is None and stop is None else BracketLegs(target=target, stop=stop)


def _type(limit: Decimal | None, stop: Decimal | None) -> OrderType:
    if stop is not None:
        return OrderType.stop if limit is None else OrderType.stop_limit
    return OrderType.market if limit is None else OrderType.limit


def _pair(text: str) -> tuple[str, Decimal]:
    """A stop's kind and figure: at a price, so many atr, a swing of so many bars."""
    words = text.lower().split()
    if len(words) == 2 and words[0] == "swing" and (words[1]).isdigit():
        return "swing", Decimal(words[1])
    figure = number(words[0]) if words else None
    if figure is not None and figure > 0:
        if len(words) == 1:
            return "at", figure
        if words[1:] == ["atr"]:
            return "atr", figure
    raise Invalid(f"{text[:30]!r} is no stop", f"Write {EXAMPLES['stop']}")


def _target(text: str) -> tuple[str, Decimal]:
    """A target's kind and figure: none, at a price, so many R."""
    if text == NONE:
        return NONE, Decimal(0)
    words = text.split()
    figure = number(words[0]) if words else None
    if figure is not None and figure > 0:
        if len(words) == 1:
            return "at", figure
        if [word.upper() for word in words[1:]] == ["R"]:
            return "R", figure
    raise Invalid(f"{text[:30]!r} is no target", f"Write {EXAMPLES['target']}")


def _risk(text: str) -> Decimal:
    figure = number(text.removesuffix("%"))
    if figure is None or figure <= 0:
        raise Invalid(f"{text[:30]!r} is no risk", f"Write {EXAMPLES['risk']}")
    return figure


def _entry_text(text: str) -> str:
    entry_of(text)
    return text


def _stop_text(text: str) -> str:
    if text != NONE:
        _pair(text)
    return text


def _target_text(text: str) -> str:
    _target(text)
    return text


def _risk_text(text: str) -> str:
    _risk(text)
    return text


def _quantity_text(text: str) -> str:
    if text not in ("", BY_RISK) and number(text) is None:
        raise Invalid(f"{text[:30]!r} is no quantity", f"Write {EXAMPLES['quantity']}")
    return text or BY_RISK


def _of(name: str) -> Any:
    def checked(text: str) -> str:
        if text.lower() not in PRESETS[name]:
            raise Invalid(f"{text[:30]!r} is none of its words", f"Write {EXAMPLES[name]}")
        return text.lower()

    return checked


_CHECKED = {
    "entry": _entry_text,
    "stop": _stop_text,
    "target": _target_text,
    "risk": _risk_text,
    "quantity": _quantity_text,
    "stands": _of("stands"),
    "short": _of("short"),
}
