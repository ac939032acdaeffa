"""The app as Django sees it."""

from django.apps import AppConfig


class IncomingConfig(AppConfig):
    """Sources of events outside, and what was not taken of what they sent."""

    name = "sayso.domains.connectors.incoming"
    label = "incoming"
