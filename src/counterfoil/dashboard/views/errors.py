"""Pages for what went wrong: they say what to do next, and nothing about our inside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from counterfoil.access.views.pages import render_entry


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's name
    """404: somebody else's things and things that never were look alike."""
    return render_entry(request, "errors/not_found.html", {}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's name
    return render_entry(request, "errors/forbidden.html", {}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return render_entry(request, "errors/server_error.html", {}, status=500)
