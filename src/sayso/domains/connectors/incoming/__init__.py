"""Webhooks in: messages of other systems, checked by their signature and turned into events by a small mapping."""
