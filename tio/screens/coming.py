"""The tabs that are still to come: one line that says what will be there."""

from textual.app import ComposeResult
from textual.strip import Strip

from tio.screens.actions import Action
from tio.screens.frame import Frame
from tio.screens.widgets.pane import Pane


class ComingPane(Pane):
    """One sentence in the middle."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence

    def render_line(self, y: int) -> Strip:
        if self.stage.paint is None or y != self.size.height // 2:
            return Strip.blank(self.size.width)
        indent = max((self.size.width - len(self._sentence)) // 2, 1)
        return self.words(self._sentence, indent=indent)


class ComingScreen(Frame):
    """What a tab will hold, for every tab that is not there yet."""

    def __init__(self, tab: Action) -> None:
        super().__init__()
        self.tab = tab.method
        self._sentence = f"{tab.title}: {tab.help} — not built yet"

    def body(self) -> ComposeResult:
        yield ComingPane(self._sentence)
