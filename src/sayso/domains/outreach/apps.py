"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Mails, and signing in by mail."""

    name = "sayso.domains.outreach"
    label = "outreach"

    def ready(self) -> None:
        """Have the worker send mails and clean up."""
        duties = import_module("sayso.domains.jobs.duties")
        deliver, clean = (import_module(f"{self.name}.{name}") for name in ("deliver", "clean"))
        duties.register_duty(duties.Duty("mails", deliver.send_mails, every_seconds=1))
        duties.register_duty(duties.Duty("old-mails", clean.clean_mails, every_seconds=3600))
