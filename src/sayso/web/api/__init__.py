"""The API, version 1: routes that call the verbs and queries of the domains. It owns no table and no rule."""
