"""The app as Django sees it."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Landing pages."""

    name = "sayso.domains.pages"
    label = "pages"
