"""How long the router waits for a source, keeps a fallback, and asks again."""

from tio.api.sources import SourceState

GRACE = 10.0
"""Seconds a source may take to connect, or to begin to tell a symbol, before the next is asked."""
LIST_GRACE = 3.0
"""Seconds for which a symbol nobody tells yet waits for the list of a source before the others."""
STAY = 60.0
"""Seconds a fallback is kept at least, so that nothing flaps."""
PROBES = 3
"""Looks in a row at which the better source must have told the symbol, to be returned to."""
PROBE_EVERY = 5.0
"""Seconds between two looks at the better source."""
FORGIVEN = 900.0
"""Seconds after which a source that refused a symbol may be asked for it again."""

BAD = frozenset({SourceState.failed, SourceState.silent, SourceState.off, SourceState.ended})
"""States in which a source is left for the next."""
