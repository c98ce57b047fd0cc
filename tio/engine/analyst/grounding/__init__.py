"""Grounding: every figure of an answer is matched to what a tool told, or marked unverified."""
