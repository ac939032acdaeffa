"""Handing over what the books cannot: who does it, in which order, and how the result enters the log."""
