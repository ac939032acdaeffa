"""What was granted, to whom, and how far it has come."""
