"""Backup and restore of the whole installation: above every room, since it holds the tables of all of them."""
