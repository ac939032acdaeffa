"""The log: every event once, with what was decided, and what is counted from it by day."""
