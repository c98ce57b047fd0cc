"""Faults of stored bars: found, explained, repaired with a preview, undone."""
