"""The members' side of a workspace: its addresses, its look, the frame of its pages, and what it says of failures."""
