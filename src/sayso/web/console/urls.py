"""The addresses of the console; the reference of the API is mounted by whoever knows the API."""

from __future__ import annotations

from django.urls import path

from sayso.web.console import home, languages, sign_in

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("programs/<slug:name>", home.program, name="program"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("language", languages.choose_language, name="language"),
]
