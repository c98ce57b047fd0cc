"""Local times of a file as UTC: hours that a clock skips or tells twice are told apart."""

from datetime import UTC
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tio.api.errors import Invalid
from tio.api.series import instant, moment

_QUARTER, _DAY = 900_000_000, 86_400_000_000


class LocalClock:
    """A zone's clock. Tell it a file's times in the order of time: it minds a repeated hour."""

    def __init__(self, name: str) -> None:
        try:
            self._zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Invalid(
                f"no time zone {name[:60]!r}", "write it as --tz America/New_York or --tz UTC"
            ) from error
        self._offsets: dict[int, tuple[int, ...]] = {}
        self._days: dict[int, tuple[int, ...] | None] = {}
        self._last = -(1 << 62)
        self._second_time = False

    def utc(self, written: int) -> int | None:
        """µs UTC of µs on this clock; None for a time the clock skipped.

        Of a repeated hour the first telling is meant until the times go back.
        """
        offsets = self._offsets_at(written)
        if not offsets:
            return None
        if len(offsets) == 1:
            self._second_time = False
            self._last = written
            return written - offsets[0]
        if written <= self._last:
            self._second_time = True
        self._last = written
        return written - offsets[self._second_time]

    def _offsets_at(self, written: int) -> tuple[int, ...]:
        day = written // _DAY
        if day not in self._days:
            begins, ends = self._look_up(day * _DAY), self._look_up((day + 1) * _DAY)
            self._days[day] = begins if begins == ends and len(begins) == 1 else None
        whole = self._days[day]
        if whole is not None:
            return whole
        # Clocks change on the quarter hour, so one look-up serves fifteen minutes.
        quarter = written // _QUARTER
        found = self._offsets.get(quarter)
        if found is None:
            found = self._offsets[quarter] = self._look_up(quarter * _QUARTER)
        return found

    def _look_up(self, written: int) -> tuple[int, ...]:
        naive = moment(written).replace(tzinfo=None)
        offsets: list[int] = []
        for fold in (0, 1):
            local = naive.replace(tzinfo=self._zone, fold=fold)
            there = local.astimezone(UTC)
            if there.astimezone(self._zone).replace(tzinfo=None) == naive:
                offset = written - instant(there)
                if offset not in offsets:
                    offsets.append(offset)
        return tuple(offsets)
