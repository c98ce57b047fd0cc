"""A line to write in, into which nothing can be pasted that steers the terminal."""

from textual.widgets import Input

from tio.api.clean import clean


class CleanInput(Input):
    """Cleans what is typed, pasted or completed as it comes in."""

    def replace(self, text: str, start: int, end: int) -> None:
        super().replace(clean(text), start, end)
