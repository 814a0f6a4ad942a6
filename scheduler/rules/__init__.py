"""Nudge rules, one file each: pure functions found by their folder."""
