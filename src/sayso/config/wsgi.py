"""Owns the one WSGI application: the log of requests around the front door, which stands before Django.

Whoever serves it calls `watch_bodies` with their port, in each process.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from sayso.web.access_log import AccessLog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sayso.config.settings")
_django = get_wsgi_application()
# Read now, so that the first request does not wait for it, and before the server forks.
_ = get_resolver().url_patterns

from sayso.web.front_door import front_door  # noqa: E402 - it reads tables, which Django must know first
from sayso.web.slow_bodies import watch as watch_bodies  # noqa: E402, F401 - as above

application = AccessLog(front_door(_django))
