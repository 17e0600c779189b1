from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from counterfoil.config.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("v1/", include("counterfoil.api.urls")),
    path("", include("counterfoil.files.urls")),
    path("", include("counterfoil.access.urls")),
    path("", include("counterfoil.dashboard.urls")),
]
