"""What a member sees of themselves: friends, rewards, wallets, standing, and everything that is known about them.

Owns the composing, read only. Each page asks what it shows; nothing here tells one member more of another than that one
allowed.
"""
