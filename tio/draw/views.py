"""How views and their record read."""

from tio.api.views import GivenView, ViewOutcome, ViewRecord
from tio.draw.ideas import interval

BIAS = {-2: "down", -1: "leaning down", 0: "neutral", 1: "leaning up", 2: "up"}


def way(view: GivenView) -> str:
    """What it says, as `leaning up over 5 sessions`."""
    return f"{BIAS[view.bias]} over {view.days} session{'s' * (view.days > 1)}"


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def moved(view: GivenView) -> str:
    """What the price did, in percent and in ATR."""
    if view.move is None:
        return ""
    told = f"{view.move:+.2f} %"
    if view.move_atr is not None:
        told += f" {view.move_atr:+.1f} ATR"
    return told.replace("-", "−")


def outcome(view: GivenView) -> str:
    """What became of it, or when that is known."""
    if view.outcome is ViewOutcome.waiting:
        return f"due {view.due:%Y-%m-%d}"
    return view.outcome.value


def rate(record: ViewRecord) -> str:
    """How often they held, with the interval."""
    if record.rate is None:
        return "–"
    return f"{record.rate:.0%} {interval(record.low, record.high, percent=True)}"


def toward(record: ViewRecord) -> str:
    """The mean move the way they said."""
    return "–" if record.mean_move is None else f"{record.mean_move:+.2f} ATR".replace("-", "−")


def named(record: ViewRecord) -> str:
    """A record's name, a bias in words beside its number."""
    if record.name.lstrip("+-").isdigit() and int(record.name) in BIAS:
        return f"{record.name} {BIAS[int(record.name)]}".replace("-", "−")
    return record.name or "all"
