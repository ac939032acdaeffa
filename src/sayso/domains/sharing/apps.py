"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Referral codes, share links, the clicks on them, and what was tried."""

    name = "sayso.domains.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Have the worker forget old clicks, tries and invitations, and note the names of those who recommend."""
        duties = import_module("sayso.domains.jobs.duties")
        clean, names = (import_module(f"{self.name}.{each}") for each in ("clean", "names"))
        duties.register_duty(duties.Duty("old-clicks", clean.clean_clicks, every_seconds=3600))
        duties.register_duty(duties.Duty("old-tries", clean.clean_tries, every_seconds=600))
        duties.register_duty(duties.Duty("old-invitations", clean.forget_invitations, every_seconds=3600))
        duties.register_duty(duties.Duty("names-of-advocates", names.note_names, every_seconds=60))
