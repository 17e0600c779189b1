"""The WSGI application that granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counterfoil.config.settings")
_pages = get_wsgi_application()

from counterfoil.api.wsgi import api_first  # noqa: E402 - settings must be ready first

# The API takes a short way past everything that only pages need.
application = api_first(_pages)
