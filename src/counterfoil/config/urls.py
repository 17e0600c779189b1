from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from counterfoil.config.health import healthz, readyz
from counterfoil.config.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("v1/", include("counterfoil.api.urls")),
    path("", include("counterfoil.files.urls")),
    path("", include("counterfoil.access.urls")),
    path("", include("counterfoil.console.urls")),
    path("", include("counterfoil.dashboard.urls")),
]

handler403 = "counterfoil.dashboard.views.errors.forbidden"
handler404 = "counterfoil.dashboard.views.errors.not_found"
handler500 = "counterfoil.dashboard.views.errors.server_error"
