"""YAML as authors write it: plain values, string keys, a line for every value, nothing twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from bot.errors import ContentWrong

Where = tuple[str, ...]
"""The way from the top of a file to a value: the keys, and for list items their numbers from 0."""

_NULL: Final = frozenset({"", "~", "null"})
_BOOL: Final = {"true": True, "false": False}
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]*)\Z")
_DEPTH: Final = 40
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Source(msgspec.Struct, frozen=True):
    """One YAML file. `lines` counts from 1; `name` is the path from the project's root."""

    name: str
    data: Any
    lines: dict[Where, int]

    def line(self, where: Where) -> int:
        """The line of a value, or of the nearest thing around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


def read(root: Path, path: Path) -> Source:
    """Read one file under root. Raises ContentWrong naming file and line."""
    name = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentWrong(f"{name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ContentWrong(f"{name} is not UTF-8 at byte {error.start}") from error
    return parse(text, name)


def parse(text: str, name: str) -> Source:
    """Read YAML text. Only null, true, false and whole numbers are no text; `yes` and 08:00 are."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "not YAML"
        raise ContentWrong(f"{name}:{line}: {problem}") from None
    lines: dict[Where, int] = {}
    data = None if node is None else _value(node, (), lines, name)
    return Source(name, data, lines)


def _value(node: yaml.Node, where: Where, lines: dict[Where, int], name: str) -> Any:
    lines[where] = node.start_mark.line + 1
    if len(where) > _DEPTH:
        raise ContentWrong(f"{name}:{lines[where]}: nested too deeply")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, where, lines, name)
    if isinstance(node, yaml.SequenceNode):
        return [_value(v, (*where, str(i)), lines, name) for i, v in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    raise ContentWrong(f"{name}:{lines[where]}: neither a value, a list nor a map")


def _mapping(
    node: yaml.MappingNode, where: Where, lines: dict[Where, int], name: str
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ContentWrong(f"{name}:{line}: a key must be a plain word")
        if key.value in found:
            raise ContentWrong(f"{name}:{line}: {'.'.join((*where, key.value))} stands there twice")
        found[key.value] = _value(value, (*where, key.value), lines, name)
    return found


def _scalar(node: yaml.ScalarNode) -> str | int | bool | None:
    text = str(node.value)
    if node.style:  # quoted or a block; plain is None or "", by loader
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    return int(text) if _WHOLE.match(text) else text
