"""Sayso: the written referral and loyalty program is the program that runs.

The rooms: `core` (what a program means, pure), `domains` (what is remembered), `cli` (the command line) and
`config` (how it is put together). This module owns nothing and imports nothing, so that every room can be
used without the others.
"""
