"""Crash tests: kills of the whole program while citizens talk to it."""
