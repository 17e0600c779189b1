"""Many platforms in one process: `python -m tests.support.platforms 20`.

Each is made by the `init` command itself; only the half second that a process takes to start is
saved. One line of JSON for each, as `counterfoil init --json` prints it.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "counterfoil.config.settings"
    django.setup()
    for _ in range(int(sys.argv[1])):
        call_command("init", platform="Rocket Rides", as_json=True)
