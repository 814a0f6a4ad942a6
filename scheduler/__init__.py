"""The clock: it beats, it remembers nothing; due work waits in the database."""
