"""The books as pure arithmetic: units, ledger accounts, transfers between them and lots of points.

Owns what a movement is and what must hold of it. Must not read a clock, a database or a program document.
"""
