"""A report as a command prints it: sentences, one JSON document, or Markdown in a file."""

import sys
from pathlib import Path
from shutil import get_terminal_size

from tio.api.analyst import Report
from tio.api.errors import Conflict, Invalid
from tio.api.report_text import report_lines, report_markdown
from tio.commands.printing import print_json, say


def print_report(report: Report, *, json: bool, markdown: str) -> None:
    """`markdown` names the file to write, `-` standard output; "" prints for people."""
    if json and markdown:
        raise Invalid("--json and --markdown are told both", "one of them")
    if json:
        print_json(report)
    elif markdown == "-":
        print(report_markdown(report), end="")
    elif markdown:
        write_new(Path(markdown).expanduser(), report_markdown(report))
    else:
        width = get_terminal_size().columns if sys.stdout.isatty() else 0
        print("\n".join(report_lines(report, width)))


def write_new(path: Path, text: str) -> None:
    """A file that was not there; Conflict where one is."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Conflict(f"{path} is there already", "choose another name") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}", "choose another") from error
    say(f"{path}: {len(text.encode()):,} bytes")
