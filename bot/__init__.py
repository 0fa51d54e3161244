"""Teman: teaches children and parents in Malaysia online safety, and helps a child who tells of
harm.
"""

from __future__ import annotations

__version__ = "0.1.0"
