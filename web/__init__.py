"""Pages and addresses that a browser opens; they know use cases only."""
