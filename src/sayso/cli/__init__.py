"""The command `sayso`: one module per command family, which asks the domains and shows what they say.

It must not hold a rule of its own, and it must not touch a table: it calls the domains' verbs and queries.
"""
