"""Indicators: one declaration each, computed over columns of bars."""
