"""Connectors: what reaches out to other systems, and what they send us."""
