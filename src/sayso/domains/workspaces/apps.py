"""The app as Django sees it."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """Workspaces and their heads."""

    name = "sayso.domains.workspaces"
    label = "workspaces"
