"""The house tests itself: what a reviewer would otherwise have to look for every time."""
