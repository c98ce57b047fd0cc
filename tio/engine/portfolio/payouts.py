"""What instruments paid a share, as it was on the day and as it would be of today's shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tio.api.companies import CorporateEvent, EventKind
from tio.engine.portfolio.money import ONE, ratio, rounded


@dataclass(frozen=True, slots=True)
class Payout:
    """Cash a share of the ex-date in `currency`; `today`: of one of today's shares."""

    ex_date: date
    pay_date: date | None
    per_share: Decimal
    today: Decimal
    currency: str
    kind: EventKind
    source: str

    @property
    def day(self) -> date:
        """When it is paid, the ex-date where nobody tells."""
        return self.pay_date or self.ex_date


def payouts(events: Sequence[CorporateEvent], currency: str, today: date) -> tuple[Payout, ...]:
    """Dividends and capital gains of some events; `currency` where an event names none."""
    splits = [
        (event.ex_date, exactly(event.ratio))
        for event in events
        if event.kind is EventKind.share_split and event.ratio and event.ex_date <= today
    ]
    told = []
    for event in events:
        if event.kind is EventKind.share_split or not event.amount:
            continue
        since = ONE
        for day, new in splits:
            since *= new if day > event.ex_date else ONE
        amount = exactly(event.amount)
        then = rounded(amount * since, 8) if event.split_adjusted else amount
        now = amount if event.split_adjusted else ratio(amount, since) or amount
        told.append(
            Payout(
                event.ex_date,
                event.pay_date,
                then,
                rounded(now, 8),
                event.currency or currency,
                event.kind,
                event.source,
            )
        )
    return tuple(told)


def exactly(value: float) -> Decimal:
    """The decimal a source wrote."""
    return Decimal(repr(value))
