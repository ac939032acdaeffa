"""The app as Django sees it."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages, styles and words of the console; it owns no tables."""

    name = "sayso.web.console"
    label = "console"
