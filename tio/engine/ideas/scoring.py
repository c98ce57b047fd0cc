"""What bars say of a plan: entered or not, and which of stop, invalidation and target came first.

Bars tell no order within themselves. Where one holds both a loss and a gain the loss is taken, and
said; a target or a favourable excursion counts on the entry's bar only where it is sure to have
come after the entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tio.api.ideas import IdeaPlan, Outcome
from tio.api.orders import OrderType
from tio.api.series import moment


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its opening in µs UTC, its prices."""

    time: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the bars so far say; `outcome` None is not decided. `mae` and `mfe` in R."""

    bars: int = 0
    outcome: Outcome | None = None
    entered_at: datetime | None = None
    entry: Decimal | None = None
    ended_at: datetime | None = None
    exit: Decimal | None = None
    mae: float | None = None
    mfe: float | None = None
    ambiguous: bool = False
    said: str = ""
    r: float | None = None


class Scoring:
    """Meets a plan with bars, the oldest first; after it is decided none changes anything."""

    def __init__(self, plan: IdeaPlan) -> None:
        self._plan = plan
        self._sign = plan.sign
        self._unit = abs(plan.entry - plan.stop)
        self._type = plan.entry_type
        self._bars = 0
        self._outcome: Outcome | None = None
        self._entry: Decimal | None = None
        self._entered_at: datetime | None = None
        self._exit: Decimal | None = None
        self._ended_at: datetime | None = None
        self._worst = self._best = Decimal(0)
        self._ambiguous = False
        self._said = ""
        self._last: Bar | None = None

    def meet(self, bar: Bar) -> None:
        """One more bar."""
        if self._outcome is not None:
            return
        self._bars += 1
        self._last = bar
        if self._type is None:
            above = (bar.open - self._plan.entry) * self._sign >= 0
            self._type = OrderType.limit if above else OrderType.stop
        if self._entry is not None:
            self._held(bar, sure=True, opened=True)
        elif not self._come(bar) and self._invalid(bar):
            self._end(Outcome.never_entered, bar, None, "its invalidation came before its entry")

    def verdict(self, final: bool = False) -> Verdict:
        """What is known; `final` at the horizon: not entered, or marked to the last close."""
        outcome, exit, ended, said = self._outcome, self._exit, self._ended_at, self._said
        if final and outcome is None:
            if self._entry is None:
                outcome, said = Outcome.never_entered, "its entry was not reached"
            elif self._last is not None:
                outcome, exit = Outcome.horizon, self._last.close
                ended, said = moment(self._last.time), "marked to the close at its horizon"
        entered = self._entry is not None
        return Verdict(
            bars=self._bars,
            outcome=outcome,
            entered_at=self._entered_at,
            entry=self._entry,
            ended_at=ended,
            exit=exit,
            mae=self._in_r(self._worst) if entered else None,
            mfe=self._in_r(self._best) if entered else None,
            ambiguous=self._ambiguous,
            said=said,
            r=self._gained(exit),
        )

    def _come(self, bar: Bar) -> bool:
        """Whether a bar reaches the entry, and what follows in that same bar."""
        entry, ahead = self._plan.entry, self._type is OrderType.stop
        reach = self._far(bar, good=ahead)
        if (reach - entry) * self._sign * (1 if ahead else -1) < 0:
            return False
        opened = (bar.open - entry) * self._sign * (1 if ahead else -1) >= 0
        self._entry = bar.open if opened else entry
        self._entered_at = moment(bar.time)
        # A break-out must pass the entry before what lies beyond it; a pull-back may have come
        # from there.
        self._held(bar, sure=opened or ahead, opened=opened)
        return True

    def _held(self, bar: Bar, *, sure: bool, opened: bool) -> None:
        """A bar while entered. `sure`: its best price came after the entry; `opened`: all did."""
        sign, target = self._sign, self._plan.target
        worst, best = self._far(bar, good=False), self._far(bar, good=True)
        if not opened and self._type is OrderType.stop and (bar.open - self._guard) * sign <= 0:
            # It opened beyond the stop, before the entry: only the close is known to come after.
            worst = bar.close
        if not sure:
            best = max(bar.close, self._entry or bar.close, key=lambda price: price * sign)
        lost = (worst - self._guard) * sign <= 0
        won = target is not None and (best - target) * sign >= 0
        if lost:
            outcome = Outcome.stopped if self._stop_guards else Outcome.invalidated
            exit = self._through(bar, self._guard, opened)
            self._excursion(exit, bar.open if opened else exit)
            before = not opened and self._type is OrderType.stop
            self._ambiguous = won or (before and (bar.close - self._guard) * sign > 0)
            both = "its target" if won else "its entry"
            doubt = f"; the bar also holds {both}, the loss was taken" if self._ambiguous else ""
            self._end(outcome, bar, exit, f"the {outcome_word(outcome)} came first{doubt}")
        elif won and target is not None:
            exit = self._beyond(bar, target, opened)
            self._excursion(worst, exit)
            self._end(Outcome.target, bar, exit, "the target came first")
        else:
            self._excursion(worst, best)

    @property
    def _stop_guards(self) -> bool:
        """Whether the stop is nearer than the invalidation, or as near."""
        level, plan = self._plan.invalidation, self._plan
        return level is None or (level - plan.stop) * self._sign <= 0

    @property
    def _guard(self) -> Decimal:
        """The price on the losing side that comes first."""
        level = self._plan.invalidation
        return self._plan.stop if self._stop_guards or level is None else level

    def _invalid(self, bar: Bar) -> bool:
        level = self._plan.invalidation
        return level is not None and (self._far(bar, good=False) - level) * self._sign <= 0

    def _through(self, bar: Bar, level: Decimal, opened: bool) -> Decimal:
        """A loss is taken at its level, at the open where that lies beyond."""
        return min(level, bar.open, key=self._signed) if opened else level

    def _beyond(self, bar: Bar, level: Decimal, opened: bool) -> Decimal:
        return max(level, bar.open, key=self._signed) if opened else level

    def _signed(self, price: Decimal) -> Decimal:
        return price * self._sign

    def _far(self, bar: Bar, *, good: bool) -> Decimal:
        """A bar's extreme for the plan, or against it."""
        return bar.high if good == (self._sign > 0) else bar.low

    def _excursion(self, worst: Decimal, best: Decimal) -> None:
        if self._entry is not None:
            self._worst = min(self._worst, (worst - self._entry) * self._sign)
            self._best = max(self._best, (best - self._entry) * self._sign)

    def _end(self, outcome: Outcome, bar: Bar, exit: Decimal | None, said: str) -> None:
        self._outcome, self._exit, self._said = outcome, exit, said
        self._ended_at = moment(bar.time)

    def _gained(self, exit: Decimal | None) -> float | None:
        if exit is None or self._entry is None:
            return None
        return self._in_r((exit - self._entry) * self._sign)

    def _in_r(self, move: Decimal) -> float:
        return round(float(move / self._unit), 6)


def scored(plan: IdeaPlan, bars: Iterable[Bar], *, final: bool = True) -> Verdict:
    """What bars say of a plan; those opening before it was made are its past and not for it."""
    scoring = Scoring(plan)
    for bar in bars:
        if moment(bar.time) >= plan.at:
            scoring.meet(bar)
    return scoring.verdict(final)


def outcome_word(outcome: Outcome) -> str:
    return {Outcome.stopped: "stop", Outcome.invalidated: "invalidation"}.get(
        outcome, outcome.value
    )
