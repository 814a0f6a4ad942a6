"""The transactions: one message, one press, one beat, one delivery, one look."""
