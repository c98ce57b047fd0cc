"""Local times of a file as UTC: hours that a clock skips or tells twice are told apart."""

from collections.abc import Sequence
from datetime import UTC
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tio.api.errors import Invalid
from tio.api.series import instant, moment

_QUARTER = 900_000_000


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
        # Clocks change on the quarter hour, so one look-up serves fifteen minutes.
        quarter = written // _QUARTER
        found = self._offsets.get(quarter)
        if found is None:
            found = self._offsets[quarter] = tuple(self._look_up(quarter * _QUARTER))
        return found

    def _look_up(self, written: int) -> Sequence[int]:
        naive = moment(written).replace(tzinfo=None)
        offsets = []
        for fold in (0, 1):
            local = naive.replace(tzinfo=self._zone, fold=fold)
            there = local.astimezone(UTC)
            if there.astimezone(self._zone).replace(tzinfo=None) == naive:
                offset = written - instant(there)
                if offset not in offsets:
                    offsets.append(offset)
        return offsets
