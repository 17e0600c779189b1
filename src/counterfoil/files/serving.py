"""Headers under which a stranger's file does no harm."""

from __future__ import annotations

from urllib.parse import quote

from counterfoil.files.policy import MEDIA_TYPES
from counterfoil.files.rows import FileRow


def inert_headers(file: FileRow) -> dict[str, str]:
    """Saved and not opened, taken for what it is, and nothing in it runs or loads."""
    name = quote(file.filename or f"{file.id}.{file.type}", safe="")
    return {
        "Content-Type": MEDIA_TYPES[file.type],
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache, no-store",
    }
