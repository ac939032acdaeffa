"""Django's own commands for developers: `python -m sayso.config makemigrations`. Operators use `sayso`."""

from __future__ import annotations

import os

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sayso.config.settings")
    execute_from_command_line()
