"""Frames held back while what was missed is fetched, then released in order."""

from collections.abc import Callable

from tio.api.errors import TioError

Frame = str | bytes
OnFrame = Callable[[Frame, int], None]
MOST_FRAMES = 20_000
MOST_BYTES = 32 << 20


class Holding:
    """Passes frames on, or holds them; bounded: what does not fit is let go and counted."""

    def __init__(self, on_frame: OnFrame) -> None:
        self.lost = 0
        self.garbage = 0
        self._on_frame = on_frame
        self._held: list[tuple[Frame, int]] | None = None
        self._bytes = 0

    def take(self, frame: Frame, at: int) -> None:
        """A frame of this instant (µs UTC)."""
        if self._held is None:
            self._pass_on(frame, at)
        elif len(self._held) >= MOST_FRAMES or self._bytes + len(frame) > MOST_BYTES:
            self.lost += 1
        else:
            self._held.append((frame, at))
            self._bytes += len(frame)

    def hold(self) -> None:
        if self._held is None:
            self._held = []

    def release(self) -> None:
        """Pass on what was held, in order."""
        held, self._held, self._bytes = self._held or [], None, 0
        for frame, at in held:
            self._pass_on(frame, at)

    def _pass_on(self, frame: Frame, at: int) -> None:
        try:
            self._on_frame(frame, at)
        except (ValueError, TioError):  # Garbage is a ValueError
            self.garbage += 1
