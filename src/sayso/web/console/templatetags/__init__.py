"""What the templates of the console can say beside Django's own tags."""
