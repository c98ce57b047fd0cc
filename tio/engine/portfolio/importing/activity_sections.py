"""An activity statement of Interactive Brokers parted into the lines of its sections.

A line begins with its section and with what it is: Header, Data, SubTotal, Total or Notes; a
section may have several headers, each for the lines below it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from tio.engine.portfolio.importing.numbers import Style
from tio.engine.portfolio.importing.rows import Security
from tio.engine.portfolio.importing.table import Line, Logical, logical_lines, places_of

Sections = Mapping[str, list[Line]]


def sections_of(text: str) -> Sections:
    """The data lines of each section, by its name in lower case; "" has what is of none.

    Lines that sum others up are left out.
    """
    found: defaultdict[str, list[Line]] = defaultdict(list)
    headers: dict[str, Logical] = {}
    for line in logical_lines(text):
        if line.fault or len(line.cells) < 2:
            found[""].append(_line(line, line))
            continue
        section, what = (cell.strip().lower() for cell in line.cells[:2])
        if what == "header":
            headers[section] = line
        elif what == "data" and section in headers:
            told = _line(line, headers[section])
            if told.fault or not told.cells[2].strip().lower().startswith("total"):
                found[section].append(told)
    return found


def instruments(sections: Sections) -> Mapping[str, Security]:
    """What is told of each symbol traded, a symbol's former names too."""
    found: dict[str, Security] = {}
    for line in sections.get("financial instrument information", ()):
        isin = line.first("Security ID")
        for symbol in line.first("Symbol").split(","):
            found[symbol.strip()] = Security(
                ticker=symbol.strip(),
                isin=isin if len(isin) == 12 else "",
                name=line.first("Description"),
                exchange=line.first("Listing Exch"),
            )
    return found


def _line(line: Logical, header: Logical) -> Line:
    fault = line.fault or ("" if len(line.cells) > 1 else "it has no cells")
    cells = line.cells + ("",) * (len(header.cells) - len(line.cells))
    if not fault and any(cell.strip() for cell in cells[len(header.cells) :]):
        fault = f"it has {len(line.cells)} cells, and its header {len(header.cells)}"
    told = Line(line.number, cells, places_of(header.cells), Style.point)
    return replace(told, cells=(), places={}, fault=fault) if fault else told
