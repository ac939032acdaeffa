"""The console: what the people of a company see of their programs. It reads, and it signs in with a key."""
