"""Replays and recordings of a workspace."""
