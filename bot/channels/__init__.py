"""One folder per channel; a channel turns its platform's messages into Inbound and back."""
