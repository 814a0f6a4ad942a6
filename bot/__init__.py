"""The outer wall: channels, server, settings, command line; only wiring.py knows everybody."""

VERSION = "0.1.0"
