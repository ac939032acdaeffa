"""Referral codes, by which an advocate is recognised."""
