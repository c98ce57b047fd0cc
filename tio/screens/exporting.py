"""Writing what is shown to a file: its figures as CSV, a picture as SVG, a report as text."""

import csv
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from tio.api.errors import Conflict, Invalid, TioError
from tio.screens.following import in_words
from tio.screens.stage import Stage
from tio.screens.widgets.pane import Pane

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def ask_where(app: Stage, pane: Pane | None) -> None:
    """Ask for a file and write there what the pane shows; the name's ending says as what."""
    from tio.screens.questions import Question

    name, rows = pane.table() if pane is not None else ("", [])
    if pane is None or len(rows) < 2:
        app.say("There is nothing here to export.", "fall")
        return

    def named(answer: str | None) -> None:
        if answer is None or not answer.strip():
            return
        path = Path(answer.strip()).expanduser()
        ending = path.suffix.lower()
        text = pane.picture() if ending == ".svg" else pane.document(ending)
        if ending == ".svg" and not text:
            app.say("There is no picture here: end the name in .csv for its figures.", "fall")
            return
        write = partial(_write, app, path, rows, text)
        app.run_worker(write, thread=True, group="export", exit_on_error=False)

    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
    words, kind = "Export to the file", "csv"
    if pane.picture():
        words += " · .svg writes the picture"
    elif pane.document(".md"):
        words, kind = f"{words} · .md, .json, .txt, or .csv for the figures", "md"
    app.push_screen(Question(words, f"{safe}.{kind}"), named)


def _write(app: Stage, path: Path, rows: Sequence[Sequence[object]], text: str) -> None:
    try:
        if text:
            write_text(path, text)
            what = "picture" if path.suffix.lower() == ".svg" else "text"
            said = f"{what} written to {path}"
        else:
            said = f"{write_csv(path, rows)} rows written to {path}"
    except TioError as error:
        app.call_from_thread(app.say, in_words(error), "fall")
    else:
        app.call_from_thread(app.say, said, "rise")


def write_text(path: Path, text: str) -> None:
    """Write a text to a new file; Conflict when it exists, Invalid when it cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Conflict(f"{path} is there already", "Choose another name.") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}") from error


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> int:
    """Write rows to a new file; how many after the header. Conflict when it exists."""
    count = -1
    try:
        with path.open("x", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            for row in rows:
                writer.writerow([_safe(cell) for cell in row])
                count += 1
    except FileExistsError as error:
        raise Conflict(f"{path} is there already", "Choose another name.") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}") from error
    return max(count, 0)


def _safe(cell: object) -> object:
    """Text a spreadsheet would run as a formula is quoted; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(FORMULAS):
        return "'" + cell
    return cell
