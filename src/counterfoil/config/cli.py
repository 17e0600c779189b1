"""The `counterfoil` command: Django's commands under our own name."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counterfoil.config.settings")
    try:
        execute_from_command_line(["counterfoil", *sys.argv[1:]])
    except ValueError as error:
        # A value in the environment that cannot work: its sentence, not a traceback.
        if "COUNTERFOIL_" not in str(error):
            raise
        sys.exit(f"counterfoil: {error}")
