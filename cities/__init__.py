"""Cities are data: one folder each, read and checked by loader.py."""
