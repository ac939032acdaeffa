"""The app as Django sees it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The members' own pages; they own no tables."""

    name = "sayso.web.portal"
    label = "portal"
