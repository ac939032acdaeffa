"""`sayso serve`, `sayso web` and `sayso worker`: the processes that run a service, and how they live and end."""
