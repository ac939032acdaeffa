"""Referrals, and what each member is within a program."""
