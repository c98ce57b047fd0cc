"""Write the table of hours that tio ships: `python scripts/make_hours.py`, before each release.

Needs exchange-calendars (of the `dev` extra); the table's changes are read before they are kept.
"""

from pathlib import Path

from tio.engine.hours.generating import make, write

if __name__ == "__main__":
    write(make(), Path(__file__).parent.parent / "tio" / "engine" / "hours" / "table.json")
