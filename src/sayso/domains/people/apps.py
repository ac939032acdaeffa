"""The app as Django sees it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Members and their identities."""

    name = "sayso.domains.people"
    label = "people"
