"""What people and other systems see: pages, the API, health. Rooms in here own no tables and write nothing."""
