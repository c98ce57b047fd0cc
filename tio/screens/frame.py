"""The frame of every screen: tabs above, command line below, panes that watch while shown."""

from typing import TYPE_CHECKING, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.compose import compose
from textual.screen import Screen

from tio.api.contract import Engine
from tio.screens.actions import bindings
from tio.screens.stage import stage
from tio.screens.widgets.bottom_line import BottomLine
from tio.screens.widgets.pane import Pane
from tio.screens.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from tio.api.chats import Chip

SMALLEST = (60, 20)


class Frame(Screen[None]):
    """A screen of the workstation; `tab` is the tab it belongs to, `body` what it shows."""

    tab: str = ""
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-one"),
        (90, "-two"),
        (150, "-three"),
    ]

    def compose(self) -> ComposeResult:
        yield TopBar(self.tab)
        if stage(self).painted:
            yield from self.body()
        else:
            stage(self).unfurnished.append(self)
        yield BottomLine()

    def body(self) -> ComposeResult:
        """The panes."""
        yield from ()

    def on_mount(self) -> None:
        self.watch(self.app, "engine", self._engine_came, init=False)
        if stage(self).painted:
            self._stand()

    async def furnish(self) -> None:
        """Mount the panes of a screen whose frame was painted alone."""
        line = self.query_one(BottomLine)
        await self.mount_all(compose(self, self.body()), before=line)
        await line.furnish()
        self._stand()
        self._begin()

    def _stand(self) -> None:
        for first in self.panes[:1]:
            first.focus()

    async def _engine_came(self, before: Engine | None, engine: Engine | None) -> None:
        if before is not None and engine is not None and self.query(Pane):
            await self._anew()
        self._begin()

    async def _anew(self) -> None:
        """Panes that have seen nothing: those there were know what this engine does not tell."""
        for pane in self.query(Pane):
            pane.stop()
        await self.recompose()
        if self.is_active:
            self._stand()

    @on(events.ScreenResume)
    def _begin(self) -> None:
        engine = stage(self).engine
        if engine is not None and self.is_active:
            for pane in self.query(Pane):
                pane.start(engine)

    @on(events.ScreenSuspend)
    def _rest(self) -> None:
        # Behind a question the screen is still seen.
        if not self.app.screen.is_modal:
            for pane in self.query(Pane):
                pane.stop()

    def on_resize(self, event: events.Resize) -> None:
        small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        self.set_class(small, "-small")
        if not small and self.focused is None:
            self.call_after_refresh(self._stand)

    def render(self) -> RenderableType:
        """Nothing, under its widgets; one sentence where the terminal is too small for them."""
        if not self.has_class("-small"):
            return super().render()
        width, height = SMALLEST
        return Text(f"tio needs {width}x{height}, this is {self.size.width}x{self.size.height}")

    def on_key(self, event: events.Key) -> None:
        """A capital letter opens the command line with it."""
        letter = event.character or ""
        if len(letter) == 1 and letter.isupper() and not self._writing:
            event.stop()
            self.query_one(BottomLine).open(letter)

    def taken_along(self) -> "Chip | None":
        """What goes to the analyst with whom leaves this screen for it."""
        return None

    @property
    def _writing(self) -> bool:
        return self.focused is not None and self.focused is self.query_one(BottomLine).field

    @property
    def panes(self) -> list[Pane]:
        """The panes one can stand in."""
        return [pane for pane in self.query(Pane) if pane.can_focus]

    @property
    def pane(self) -> Pane | None:
        """Where one stands: the focused pane, else the first one shown."""
        if isinstance(self.focused, Pane):
            return self.focused
        return next((pane for pane in self.panes if pane.display), None)

    def step(self, by: int) -> None:
        """Go to another pane."""
        panes = self.panes
        if panes:
            at = panes.index(self.focused) if isinstance(self.focused, Pane) else -by
            self.show_pane(panes[(at + by) % len(panes)])

    def show_pane(self, pane: Pane) -> None:
        """Focus a pane, shown first where only one fits."""
        pane.focus()
