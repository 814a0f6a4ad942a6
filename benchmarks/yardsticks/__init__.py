"""The same guided report, written the usual way with well-known libraries, as yardsticks."""
