"""What a card's form says line by line, and the words it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tio.api.errors import Invalid
from tio.api.ideas import Evidence, Idea, IdeaPlan, SaveIdea
from tio.api.market import Side
from tio.api.trading import GetTicket, OrderTicket, PreviewOrder
from tio.screens.entry_line import number
from tio.screens.ticket_form import BY_RISK, NONE, TicketForm, order_asked, ticket_asked
from tio.screens.ticket_form import EXAMPLES as TICKET_EXAMPLES

PRICED = ("entry", "stop", "target", "risk", "quantity")
"""The lines a ticket has too: they are sized by it."""
TEXTS = ("setup", "thesis", "evidence")
PRESETS: Mapping[str, Sequence[str]] = {
    "invalidation": (NONE,),
    "horizon": ("1d", "3d", "5d", "10d", "3w", "2mo"),
}
EXAMPLES = {
    **TICKET_EXAMPLES,
    "entry": "187.20, or market",
    "stop": "180, 2 atr, or swing 10",
    "invalidation": "a price before the stop, or none",
    "horizon": "8h, 10d, 3w, 2mo, or 2027-01-15",
    "setup": "what you call such trades: pullback",
    "thesis": "why this should happen, in a sentence",
    "evidence": "text | figure | source; the next one",
}


@dataclass(frozen=True, slots=True)
class IdeaForm:
    """A card's lines as they are written; `id` is that of the card changed, "" of a new one."""

    ticket: TicketForm = field(default_factory=TicketForm)
    thesis: str = ""
    horizon: str = "10d"
    invalidation: str = NONE
    setup: str = ""
    evidence: str = ""
    id: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The names of the lines, in order."""
        return ("thesis", *PRICED, "invalidation", "horizon", "setup", "evidence")

    def text(self, name: str) -> str:
        """What a line says."""
        return str(getattr(self.ticket if name in PRICED else self, name))

    def turned(self) -> "IdeaForm":
        """The other side; what stood as prices of the first begins anew."""
        other = Side.sell if self.ticket.side is Side.buy else Side.buy
        return replace(self, ticket=TicketForm(other, risk=self.ticket.risk), invalidation=NONE)

    def stepped(self, name: str, by: int) -> "IdeaForm":
        """The next preset of a line, or the one before; a text has none."""
        if name in TEXTS:
            return self
        if name in PRICED:
            ticket = self.ticket.stepped(name, by)
            if name == "stop" and ticket.stop == NONE:
                ticket = ticket.stepped(name, by)
            return replace(self, ticket=ticket)
        presets, now = PRESETS[name], self.text(name)
        at = (presets.index(now) + by) % len(presets) if now in presets else 0
        return self.written(name, presets[at])

    def written(self, name: str, text: str) -> "IdeaForm":
        """With a line written anew; Invalid where it says nothing that line can."""
        words = " ".join(text.split())
        if name in PRICED:
            if name == "stop" and words == NONE:
                raise Invalid("an idea has a stop: one R is the way to it", EXAMPLES["stop"])
            return replace(self, ticket=self.ticket.written(name, words))
        if name == "invalidation":
            words = words or NONE
            if words != NONE and number(words) is None:
                raise Invalid(f"{words[:30]!r} is no price", f"Write {EXAMPLES[name]}")
        changes: dict[str, Any] = {name: words}
        return replace(self, **changes)


def form_of(idea: Idea) -> IdeaForm:
    """The form that changes a card."""
    plan = idea.plan
    ticket = TicketForm(
        plan.side,
        entry=f"{plan.entry:f}",
        stop=f"{plan.stop:f}",
        target=NONE if plan.target is None else f"{plan.target:f}",
        risk=_risk(plan),
        quantity=BY_RISK if plan.quantity is None else f"{plan.quantity:f}",
    )
    return IdeaForm(
        ticket,
        plan.thesis,
        plan.horizon,
        NONE if plan.invalidation is None else f"{plan.invalidation:f}",
        plan.setup,
        "; ".join(" | ".join(filter(None, (e.text, e.figure, e.source))) for e in plan.evidence),
        idea.id,
    )


def sized_by(form: IdeaForm, portfolio: str, symbol: str) -> GetTicket:
    """What its prices and its size come to."""
    return ticket_asked(form.ticket, portfolio, symbol)


def card_asked(form: IdeaForm, portfolio: str, symbol: str, sized: OrderTicket | None) -> SaveIdea:
    """The card a form comes to; Invalid where a price is not known."""
    if sized is None:
        raise Invalid("what the prices come to is not known yet", "wait a moment, or type them")
    order = order_asked(PreviewOrder, form.ticket, portfolio, symbol, sized)
    legs = order.bracket
    target = None if legs is None else legs.target
    by_risk, risk = form.ticket.quantity == BY_RISK, form.ticket.risk
    return SaveIdea(
        id=form.id,
        portfolio=portfolio,
        symbol=symbol,
        side=form.ticket.side,
        thesis=form.thesis,
        entry=sized.ticket.entry,
        stop=sized.ticket.stop,
        targets=() if target is None else (target,),
        quantity=None if by_risk else order.quantity,
        risk=number(risk) if by_risk and not risk.endswith("%") else None,
        risk_percent=number(risk[:-1]) if by_risk and risk.endswith("%") else None,
        invalidation=None if form.invalidation == NONE else number(form.invalidation),
        horizon=form.horizon,
        evidence=evidence_in(form.evidence),
        setup=form.setup,
    )


def evidence_in(text: str) -> tuple[Evidence, ...]:
    """`text | figure | source`, several apart by semicolons."""
    found = []
    for piece in filter(None, map(str.strip, text.split(";"))):
        words, figure, source = (*map(str.strip, piece.split("|", 2)), "", "")[:3]
        found.append(Evidence(text=words, figure=figure, source=source))
    return tuple(found)


def _risk(plan: IdeaPlan) -> str:
    if plan.risk is not None:
        return f"{plan.risk:f}"
    return f"{plan.risk_percent or Decimal(1):f}%"
