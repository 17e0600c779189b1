"""Keeps the tokens of links out of the logs.

Django writes the path of a refused or failed request into its log lines, and the path of a
login link is the way in.
"""

from __future__ import annotations

import logging
import re
from typing import Final

# The loggers of Django that write paths. A filter works on the logger it hangs on, not below.
LOGGERS: Final = ("django.request", "django.security.csrf", "django.server")
_SECRET: Final = re.compile(r"((?:express/[^/\s]*|onboarding|files|step-up|not-me)/)[^/\s?#\"']+")


class RedactTokens(logging.Filter):
    """Rewrites the finished line: `/express/acct_1/…` instead of the token."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        clean = _SECRET.sub(r"\1…", line)
        if clean != line:
            record.msg, record.args = clean, ()
        return True


def keep_tokens_out_of_logs() -> None:
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, RedactTokens) for known in logger.filters):
            logger.addFilter(RedactTokens())
