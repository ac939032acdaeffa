"""What a program means. Pure: no Django, no clock, no random numbers, no input or output."""
