"""Words and values: all that can be said to the engine. Imports msgspec, nothing of ours."""
