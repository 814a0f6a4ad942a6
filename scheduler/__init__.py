"""The clock: what is due is in the database, the scheduler only says "look now"."""
