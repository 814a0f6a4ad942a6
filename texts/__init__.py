"""Everything Sahut can say to a person, per language, and the words by which it is answered."""
