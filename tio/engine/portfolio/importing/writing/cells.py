"""Text in the cells of a spreadsheet: never a formula, and read back as it was."""

import re

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """The text with a ' before it where a spreadsheet could take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def joined(tags: tuple[str, ...]) -> str:
    """Tags in one cell, ; between them; a ; or backslash of their own has one before it."""
    return ";".join(tag.replace("\\", "\\\\").replace(";", "\\;") for tag in tags)


def parted(cell: str) -> tuple[str, ...]:
    """The tags `joined` was given."""
    parts = re.findall(r"(?:\\.|[^;\\])+", cell, re.DOTALL)
    return tuple(re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in parts)
