"""Deciding: from a rulebook, the facts and one event to what follows from it."""
