"""Measurements: each module runs one, with its reference in the same run, and prints both sides and the ratio."""
