"""Words and values: everything that can be said to the engine. Imports msgspec and nothing of ours."""
