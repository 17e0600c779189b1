"""Entry point of `make bench`; `--help` says what can be chosen."""

from __future__ import annotations

import sys
from pathlib import Path

# Started as a file, Python looks for modules beside it; ours are called `bench.…`.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.main import main  # noqa: E402 - the path comes first

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
