"""The project's documents: where they are, and their links among each other as addresses of the Docs page."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.locations import PROJECT

_IMAGE = re.compile(r"!\[[^]]*\]\([^)]*\)\n*")
_FENCE = re.compile(r"^```\w+$", re.MULTILINE)
_LINK = re.compile(r"\[([^]]+)\]\(([^)#:]+)(#[^)]*)?\)")  # to a file, not to another host


@dataclass(frozen=True)
class Document:
    """A file of the project: what it is called, and its path from the project's folder."""

    title: str
    path: str

    @property
    def is_markdown(self) -> bool:
        """Whether it is written in Markdown; else it is plain text."""
        return self.path.endswith(".md")


DOCUMENTS: Mapping[str, Document] = {
    "readme": Document("Isogloss", "README.md"),
    "models": Document("The models that may be asked", "docs/models.md"),
    "lab": Document("The lab models", "docs/lab.md"),
    "prompts": Document("What is sent to a model", "docs/prompts.md"),
    "performance": Document("Performance", "docs/performance.md"),
    "data": Document("Data", "data/README.md"),
    "changelog": Document("Changelog", "CHANGELOG.md"),
    "contributing": Document("Contributing", "CONTRIBUTING.md"),
    "security": Document("Security", "SECURITY.md"),
    "licence": Document("Licence", "LICENSE"),
}
_NAMES = {document.path: name for name, document in DOCUMENTS.items()}


def text_of(document: Document) -> str | None:
    """The text, without pictures, its links as they work on the Docs page; None where the file is not there."""
    file = PROJECT / document.path
    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8")
    if not document.is_markdown:
        return text
    return with_links(_FENCE.sub("```", text), path=document.path)  # code in colours is too pale to read


def with_links(text: str, *, path: str) -> str:
    """Markdown whose links to other documents lead to them here; a link to any other file is its words alone."""

    def linked(match: re.Match[str]) -> str:
        name = _NAMES.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), match[2])))
        return match[1] if name is None else f"[{match[1]}](docs?doc={name})"

    return _LINK.sub(linked, _IMAGE.sub("", text))
