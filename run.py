"""Starts Teman. `python run.py` serves, `python run.py --help` lists the rest; any Python will do
after `make venv`.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

OWN = Path(__file__).resolve().parent / ".venv"
NEEDED = ("argon2", "babel", "cryptography", "httpx", "jinja2", "msgspec", "starlette", "yaml")


def find_environment() -> None:
    """Return when what Teman needs is here; else go on in its own environment, or say how to make
    one.
    """
    if all(importlib.util.find_spec(name) for name in NEEDED):
        return
    python = OWN / "bin" / "python"
    if python.exists() and Path(sys.prefix).resolve() != OWN.resolve():
        os.execv(python, [str(python), *sys.argv])
    sys.exit("Teman has no environment yet: run `make run`, or `make venv` and then this again.")


if __name__ == "__main__":
    find_environment()

    from bot import cli

    sys.exit(cli.main())
