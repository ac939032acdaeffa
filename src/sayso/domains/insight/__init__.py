"""What can be seen across the rooms: read only, and it owns no tables yet."""
