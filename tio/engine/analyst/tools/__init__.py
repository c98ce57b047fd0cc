"""The engine's words as a model's tools: listed, called, told back."""
