"""The app as Django sees it."""

from django.apps import AppConfig


class IncomingConfig(AppConfig):
    """Sources of events outside, and what was not taken of what they sent."""

    name = "sayso.domains.connectors.incoming"
    label = "incoming"

    def ready(self) -> None:
        """Have the worker clean up."""
        from sayso.domains.connectors.incoming.clean import clean_untaken
        from sayso.domains.jobs.duties import Duty, register_duty

        register_duty(Duty("old-untaken", clean_untaken, every_seconds=3600))
