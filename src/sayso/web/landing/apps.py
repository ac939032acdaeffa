"""The app as Django sees it."""

from django.apps import AppConfig


class LandingConfig(AppConfig):
    """The pages that friends see; they own no tables."""

    name = "sayso.web.landing"
    label = "landing"
