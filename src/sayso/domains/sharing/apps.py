"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Referral codes, share links, and the clicks on them."""

    name = "sayso.domains.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Have the worker forget old clicks."""
        duties, clean = import_module("sayso.domains.jobs.duties"), import_module(f"{self.name}.clean")
        duties.register_duty(duties.Duty("old-clicks", clean.clean_clicks, every_seconds=3600))
