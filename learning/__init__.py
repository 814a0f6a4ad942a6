"""Learning from a city's own reports: what `sahut learn` makes, and the shelf where its versions stand."""
