"""Members, and the ways in which each is recognised."""
