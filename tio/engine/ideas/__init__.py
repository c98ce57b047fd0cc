"""Idea cards: written before the trade, watched while live, scored by bars at their horizon."""
