"""The error of an engine that does not answer; apart, so that naming it imports nothing heavy."""

from tio.api.errors import SourceUnavailable


class EngineGone(SourceUnavailable):
    """The engine at a socket does not answer any more."""
