"""What a company says to its members: mails, who wants none, and signing in by a code that comes by mail."""
