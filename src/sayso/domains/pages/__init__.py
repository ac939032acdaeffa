"""The landing pages of programs: their words, their variants, what they count, and the consents given there."""
