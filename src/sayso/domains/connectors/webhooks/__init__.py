"""Webhooks out: what happened in a workspace, told to addresses that its company chose, by Standard Webhooks."""
