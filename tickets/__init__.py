"""The life of a ticket: its states, clocks and who is told what; pure."""
