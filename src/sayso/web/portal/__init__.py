"""The members' own pages: share, friends, rewards, points, and what is known about them."""
