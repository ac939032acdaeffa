"""The app as Django sees it."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The log and its day tallies."""

    name = "sayso.domains.events"
    label = "events"
