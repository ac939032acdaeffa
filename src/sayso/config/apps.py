"""Owns one thing: Django learns the checks of this room when it starts."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigApp(AppConfig):
    """The room itself, as Django sees it; it owns no tables."""

    name = "sayso.config"
    label = "config"

    def ready(self) -> None:
        """Register the system checks."""
        import sayso.config.checks  # noqa: F401
