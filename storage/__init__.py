"""The only room that sees tables."""
