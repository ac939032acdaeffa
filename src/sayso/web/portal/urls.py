"""The addresses of the members' own pages, below a site."""

from __future__ import annotations

from django.urls import path

from sayso.web.portal import enter, friends, own, points, rewards, share, sign_in

urlpatterns = [
    path("portal/", share.share, name="portal"),
    path("portal/share/<slug:program>", share.share, name="portal-share"),
    path("portal/shares/<slug:program>", share.shares, name="portal-shares"),
    path("portal/card/<slug:program>", share.card, name="portal-card"),
    path("portal/friends", friends.friends, name="portal-friends"),
    path("portal/friends/<str:referral>/reminder", friends.reminder, name="portal-reminder"),
    path("portal/rewards", rewards.rewards, name="portal-rewards"),
    path("portal/rewards/why", rewards.why, name="portal-why"),
    path("portal/rewards/<str:reward>/choice", rewards.choice, name="portal-choice"),
    path("portal/rewards/<str:reward>/redemption", rewards.redemption, name="portal-redemption"),
    path("portal/points", points.points, name="portal-points"),
    path("portal/me", own.me, name="portal-me"),
    path("portal/me/language", own.language, name="portal-language"),
    path("portal/me/consents", own.consents, name="portal-consents"),
    path("portal/me/listing", own.listing, name="portal-listing"),
    path("portal/me/sessions", own.sessions, name="portal-sessions"),
    path("portal/me/data.json", own.data, {"form": "json"}, name="portal-data"),
    path("portal/me/data.zip", own.data, {"form": "csv"}, name="portal-tables"),
    path("portal/me/erasure", own.erasure, name="portal-erasure"),
    path("portal/sign-in", sign_in.sign_in, name="portal-sign-in"),
    path("portal/code", sign_in.code, name="portal-code"),
    path("portal/enter", enter.enter, name="portal-enter"),
    path("portal/entry", enter.entry, name="portal-entry"),
    path("portal/sign-out", sign_in.sign_out, name="portal-sign-out"),
]
