"""Owns the answer to which Sayso runs. It must not know who asks."""

from importlib.metadata import PackageNotFoundError, version


def sayso_version() -> str:
    """Return the version of the Sayso that runs; one that runs from its sources without being installed has none."""
    try:
        return version("sayso")
    except PackageNotFoundError:
        return "from its sources"
