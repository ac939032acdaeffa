"""The app as Django sees it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Members, their identities, and their sessions."""

    name = "sayso.domains.people"
    label = "people"

    def ready(self) -> None:
        """Have the worker clean up."""
        from sayso.domains.jobs.duties import Duty, register_duty
        from sayso.domains.people.sessions import clean_sessions

        register_duty(Duty("old-sessions", clean_sessions, every_seconds=3600))
