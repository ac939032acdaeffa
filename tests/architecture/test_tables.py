"""Companies are kept apart by the shape of the tables: each row names its workspace, so does each unique key, and
foreign keys point downward in the order of the domains."""

from __future__ import annotations

import tomllib

from django.apps import apps
from django.db import models

from tests.architecture.sources import ROOT

# What there is one of for all companies together.
OUTSIDE_WORKSPACES = {"workspaces.workspace", "jobs.heartbeat"}


def our_models() -> list[type[models.Model]]:
    """Return every model of the domains, those made for many-to-many relations too."""
    found = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("sayso.domains.")
        for model in config.get_models(include_auto_created=True)
    ]
    assert found
    return found


def order_of_the_domains() -> list[str]:
    """Return the domains from low to high, as the import contract has them; neighbours on one line stand apart."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = content["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "domain-order")
    return [name.strip(" ()") for layer in reversed(layers) for name in layer.split("|")]


def room_of(model: type[models.Model]) -> str:
    """Return the domain in which a model's app lies; connectors are a domain of several apps."""
    return apps.get_app_config(model._meta.app_label).name.split(".")[2]


def unique_keys(model: type[models.Model]) -> list[tuple[str, ...]]:
    """Return the names of the fields of each unique key of a table but the primary one."""
    options = model._meta
    single = [(field.name,) for field in options.local_fields if field.unique and not field.primary_key]
    together = [tuple(names) for names in options.unique_together]
    constraints = [constraint for constraint in options.constraints if isinstance(constraint, models.UniqueConstraint)]
    return [*single, *together, *(tuple(constraint.fields) for constraint in constraints)]


def test_every_row_names_its_workspace() -> None:
    homeless = [
        model._meta.label_lower
        for model in our_models()
        if model._meta.label_lower not in OUTSIDE_WORKSPACES
        and "workspace_id" not in {field.attname for field in model._meta.local_fields}
    ]
    assert not homeless


def test_every_unique_key_includes_the_workspace() -> None:
    shared = [
        f"{model._meta.label_lower} {key}"
        for model in our_models()
        if model._meta.label_lower not in OUTSIDE_WORKSPACES
        for key in unique_keys(model)
        if not {"workspace", "workspace_id"} & set(key)
    ]
    assert not shared


def test_foreign_keys_point_downward() -> None:
    order = order_of_the_domains()
    upward = [
        f"{model._meta.label_lower}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and order.index(room_of(field.related_model)) > order.index(room_of(model))
    ]
    assert not upward


def test_every_app_is_named_like_its_folder() -> None:
    odd = [
        config.name
        for config in apps.get_app_configs()
        if config.name.startswith("sayso.domains.") and config.name.rpartition(".")[2] != config.label
    ]
    assert not odd


def test_every_domain_that_owns_tables_is_installed() -> None:
    owners = {path.parent.name for path in (ROOT / "src" / "sayso" / "domains").rglob("models.py")}
    assert owners <= {config.label for config in apps.get_app_configs()}
