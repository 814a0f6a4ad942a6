"""The test bench: a strict local Bot API, a second opinion on what we send, and the crash driver."""
