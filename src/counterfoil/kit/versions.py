"""The API version whose shapes we serve. Any other one is accepted and echoed (§1.4)."""

from __future__ import annotations

from typing import Final

API_VERSION: Final = "2026-10-28.endive"
