"""Schedules of reports: when each is due, made in the background, kept."""
