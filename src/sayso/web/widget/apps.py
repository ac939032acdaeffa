"""The app as Django sees it."""

from django.apps import AppConfig


class WidgetConfig(AppConfig):
    """The script, the frame and their words; it owns no tables."""

    name = "sayso.web.widget"
    label = "widget"
