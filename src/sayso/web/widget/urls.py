"""The addresses of the widget, below those of a site."""

from __future__ import annotations

from django.urls import path

from sayso.web.widget.frame import portal
from sayso.web.widget.script import script
from sayso.web.widget.told import code, identify, share, shared, track

urlpatterns = [
    path("widget/sayso.js", script, name="widget-script"),
    path("widget/portal", portal, name="widget-portal"),
    path("widget/identify", identify, name="widget-identify"),
    path("widget/code", code, name="widget-code"),
    path("widget/track", track, name="widget-track"),
    path("widget/share", share, name="widget-share"),
    path("widget/shared", shared, name="widget-shared"),
]
