"""What is published: licences are there, and no file names a machine it was made on or a registry
it was made from.
"""

from __future__ import annotations

import re

from tests.house import tree

# Put together here so that this file does not name them itself.
PLACES = (
    r"(?<![\w.])/wor" r"k/",
    r"(?<![\w.])/roo" r"t/",
    r"(?<![\w.])/ho" r"me/[a-z]",
    r"(?<![\w.])/Us" r"ers/[A-Za-z]",
    r"/opt/(py" r"pi|wheels)",
    r"bash_jo" r"bs",
    r"py" r"pi\.org",
    r"python" r"hosted\.org",
    r"registry\.npm" r"js",
    r"npm" r"js\.(org|com)",
    r"(deb|security)\.deb" r"ian\.org",
    r"proxy\.go" r"lang",
    r"crates" r"\.io",
)
PLACE = re.compile("|".join(PLACES))
PICTURES = {".png", ".jpg", ".webp", ".woff2", ".ico", ".mo", ".bin", ".ttf", ".otf"}


def test_no_file_names_a_machine_or_a_registry() -> None:
    looked = [path for path in tree.files() if path.suffix not in PICTURES]
    found = [
        f"{tree.name(path)}:{number}: {hit.group()}"
        for path in looked
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (hit := PLACE.search(line))
    ]
    assert len(looked) > 50
    assert found == []


def test_the_guard_sees_a_fault() -> None:
    for planted in (
        ("see ", "root", "x"),
        ("cd ", "work", "main"),
        ("https:", "", "py" + "pi.org"),
    ):
        assert PLACE.search("/".join(planted))


def test_the_licences_are_there() -> None:
    code = (tree.ROOT / "LICENSE").read_text(encoding="utf-8")
    content = (tree.ROOT / "LICENSE-content.md").read_text(encoding="utf-8")
    assert "Apache License" in code
    assert "END OF TERMS AND CONDITIONS" in code
    assert "Creative Commons Attribution 4.0" in content
    assert "lessons/" in content
    assert "locales/" in content
