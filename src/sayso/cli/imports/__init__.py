"""The command `sayso import`: files of events, members, balances and referrals, all through the one path of events."""
