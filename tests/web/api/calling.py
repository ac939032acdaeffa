"""Calling the API in process, through Django and its middleware, with keys of a workspace of the cast.

Owns the keys and the client. It must not know a route.
"""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from sayso.domains.workspaces.keys import Grant, create_key
from sayso.domains.workspaces.models import Workspace

ROOT = "/api/v1"


def secret_of(workspace: Workspace, *scopes: str, name: str = "", public: bool = False) -> str:
    """A new key of a workspace; with no scope it may do everything."""
    grant = Grant(scopes or ("*",), public)
    called = name or f"key-{'-'.join(scopes) or 'all'}-{public}"
    return create_key(workspace=workspace, name=called, grant=grant, now=datetime.now(UTC))[1]


class Caller:
    """Calls the API with one key."""

    def __init__(self, secret: str) -> None:
        self.secret, self.client = secret, Client(raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send one request; the answer's `.json()` is what it says."""
        given = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return self.client.generic(
            method,
            f"{ROOT}{path}",
            data=b"" if body is None else _encode(body),
            content_type="application/json",
            headers={**given, **headers},
            secure=True,
        )

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Make something new."""
        return self("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        """Make something be so."""
        return self("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        """End something."""
        return self("DELETE", path, **headers)


def _encode(body: Any) -> bytes:
    import json

    return body if isinstance(body, bytes) else json.dumps(body).encode()
