"""The one guarded way out: whatever calls an address that somebody else chose calls it through here."""
