"""The widget: a member's page and the share button inside a company's own pages, and what those pages may tell us."""
