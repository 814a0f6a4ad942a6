"""Everything Sahut can say to a person, per language."""
