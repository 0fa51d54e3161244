"""The recorded payloads: one JSON file a kind of update or webhook, and what is to be read in it.

`index.json` of each folder says what a sample is, where its shape is known from, and its readings
in order: none when it holds no message for the conversation. A reading is {"kind", "text", "token",
"address"}, and for WhatsApp {"alias"}: the phone number beside a business-scoped id.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

FOLDER: Final = Path(__file__).parent / "payloads"
Platform = Literal["telegram", "whatsapp"]


@dataclass(frozen=True)
class Sample:
    """One payload and its readings. It prints as its name: good for parametrized tests."""

    name: str
    what: str
    source: str
    body: dict[str, Any]
    readings: list[dict[str, Any]]

    def __str__(self) -> str:
        return self.name


def samples(platform: Platform) -> list[Sample]:
    """All samples of a platform, in the order of the index."""
    folder = FOLDER / platform
    index = json.loads((folder / "index.json").read_text("utf-8"))
    return [
        Sample(name, said["what"], said["source"], _body(folder, name), said["readings"])
        for name, said in index.items()
    ]


def _body(folder: Path, name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return body
