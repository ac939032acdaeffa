"""Dutch: the words for events, and the phrases of explanations and of changes."""
