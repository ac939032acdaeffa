"""The app as Django sees it."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """Programs and their versions."""

    name = "sayso.domains.programs"
    label = "programs"
