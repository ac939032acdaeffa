"""Work that is done later: notices on their way to whoever listens, long tasks, and the worker that does both."""
