"""A year of a real grocer's customers, run through Sayso.

Owns how the public data set becomes events, and what the demonstration simulates because the data lacks it.
It must not hold rules of any program: those stand in `examples/`.
"""
