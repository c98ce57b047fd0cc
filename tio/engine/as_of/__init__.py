"""The engine as it was at a past moment."""
