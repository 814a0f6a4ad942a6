"""The dialogue with a citizen: facts in, effects out; no I/O, no clock, no dice."""
