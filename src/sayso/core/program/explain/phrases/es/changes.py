CHANGES: dict[str, str] = {}
