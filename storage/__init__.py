"""Tables, transactions and files; the only room that knows SQLAlchemy."""
