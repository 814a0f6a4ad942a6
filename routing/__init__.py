"""From words to a category and its agency, from a pin to a kelurahan; pure."""
