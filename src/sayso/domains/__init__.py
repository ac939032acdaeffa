"""What Sayso remembers: Django apps that own tables. None of them knows HTTP."""
