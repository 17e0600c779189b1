"""Django's settings for tests: the engine is chosen by COUNTERFOIL_TEST_ENGINE."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

ENGINE = os.environ.get("COUNTERFOIL_TEST_ENGINE", "sqlite")
POSTGRES_URL = os.environ.get("COUNTERFOIL_TEST_POSTGRES_URL") or "postgresql:///postgres"

_scratch = Path(tempfile.mkdtemp(prefix="counterfoil-tests-"))
os.environ["COUNTERFOIL_DATA_DIR"] = str(_scratch)
os.environ["COUNTERFOIL_SECRET_KEY"] = "tests-only-" * 4
os.environ.pop("COUNTERFOIL_PUBLIC_URL", None)
os.environ.pop("COUNTERFOIL_DATABASE_URL", None)
if ENGINE == "postgresql":
    os.environ["COUNTERFOIL_DATABASE_URL"] = POSTGRES_URL

from counterfoil.config.settings import *  # noqa: E402, F403 - after the environment is set
from counterfoil.config.settings import DATABASES, STORAGES  # noqa: E402

# Straight from the sources: collecting is what `serve` does.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
(_scratch / "static").mkdir()

if ENGINE == "postgresql":
    DATABASES["default"]["OPTIONS"].pop("pool")  # test databases are dropped: nothing may wait
    DATABASES["default"]["TEST"] = {"NAME": f"counterfoil_test_{os.getppid()}"}
else:
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.db")}
