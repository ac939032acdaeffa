"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Members, their identities, and their sessions."""

    name = "sayso.domains.people"
    label = "people"

    def ready(self) -> None:
        """Have the worker clean up."""
        duties, sessions = (import_module(name) for name in ("sayso.domains.jobs.duties", f"{self.name}.sessions"))
        duties.register_duty(duties.Duty("old-sessions", sessions.clean_sessions, every_seconds=3600))
