"""Tables of brokers that must be whole: one cut off in the middle is none."""

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.records import Record, records


def sheet(text: str, *wanted: str) -> list[Record]:
    """The lines below the header that names all of `wanted`, as `records`.

    Raises Invalid where the last one ends before its last column, without an end of line.
    """
    lines = list(records(text, *wanted))
    if not lines or text.endswith(("\n", "\r")):
        return lines
    last = lines[-1]
    if len(last.cells) < len(last.columns):
        raise Invalid(
            f"line {last.line} ends in the middle: the file is cut off",
            "export or download it again",
        )
    return lines
