"""Days of the zone a portfolio is at home in, as they are printed and as they are asked for."""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.ledger import ListPortfolios


def zone_of(portfolio: str, workspace: str) -> tzinfo:
    """Where the portfolio's days end; UTC where there is no such portfolio."""
    from tio.commands.asking import ask

    found = {each.name: each.zone for each in ask(ListPortfolios(), workspace)}
    return ZoneInfo(found.get(portfolio, "UTC"))


def day(at: datetime, zone: tzinfo) -> str:
    """The date of a moment there."""
    return at.astimezone(zone).date().isoformat()


def moment(text: str, zone: tzinfo) -> datetime | None:
    """The moment --at names: a bare date is that day's end there; none without one. Invalid."""
    if not text:
        return None
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), time.max, zone).astimezone(UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise Invalid(
            f"--at {clean(text)[:40]!r} is no date", "write 2026-01-31, or 2026-01-31T15:30Z"
        ) from None
    if found.tzinfo is None:
        raise Invalid(f"the time {clean(text)} must carry a zone", "add a Z, or give a date alone")
    return found
