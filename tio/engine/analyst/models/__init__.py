"""Two wires to language models, one stream of events."""
