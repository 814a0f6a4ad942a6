"""Steps of the dialogue, one file each."""
