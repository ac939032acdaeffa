"""The written program: its types, its text, its conditions, its words, and the rulebook compiled from it."""
