"""The addresses of the pages that friends see, below a site."""

from __future__ import annotations

from django.urls import path

from sayso.web.landing.lead import lead
from sayso.web.landing.page import landing, remember_click
from sayso.web.landing.picture import picture
from sayso.web.landing.terms import terms
from sayso.web.landing.welcome import welcome

urlpatterns = [
    path("p/<slug:program>", landing, name="landing"),
    path("p/<slug:program>/for/<slug:account>", landing, name="landing-account"),
    path("p/<slug:program>/lead", lead, name="landing-lead"),
    path("p/<slug:program>/welcome", welcome, name="landing-welcome"),
    path("p/<slug:program>/remember", remember_click, name="landing-remember"),
    path("p/<slug:program>/picture.png", picture, name="landing-picture"),
    path("terms/<slug:program>", terms, name="landing-terms"),
]
