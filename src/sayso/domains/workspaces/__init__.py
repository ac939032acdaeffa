"""Workspaces: one company's separate world, its clock, and the head of its log."""
