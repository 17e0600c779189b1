"""One door: the edge has a router of its own, compiled from the endpoints' declarations."""

from __future__ import annotations

from django.urls import re_path

from counterfoil.api import resources  # noqa: F401 - importing declares the endpoints
from counterfoil.api.views import api

urlpatterns = [re_path(r"[\s\S]*", api)]
