"""All faults of one series, oldest first."""

from collections.abc import Sequence

import numpy as np

from tio.engine.quality.cells import in_cells
from tio.engine.quality.levels import in_levels
from tio.engine.quality.past import Found, Past
from tio.engine.quality.payments import in_payments


def faults_of(past: Past) -> Sequence[Found]:
    """Every fault found; a few milliseconds for a thousand bars, so not for the event loop."""
    # Of bars that may hold anything, what cannot be computed is simply not found.
    with np.errstate(all="ignore"):
        found = [*in_cells(past), *in_levels(past), *in_payments(past)]
    return sorted(found, key=lambda fault: (fault.begin, fault.end, fault.kind))
