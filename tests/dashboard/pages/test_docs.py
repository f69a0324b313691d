"""The documents as the Docs page shows them: their links lead to one another, and to nothing that is not there."""

import re

import pytest

from dashboard.app_pages.docs.documents import DOCUMENTS, text_of, with_links


def test_links_to_documents_lead_to_the_page_of_them() -> None:
    assert with_links("see [the lab](docs/lab.md) and [why](../SECURITY.md)", path="README.md") == (
        "see [the lab](docs?doc=lab) and why"  # not a file of the project
    )
    assert with_links("see [why](../SECURITY.md#models)", path="docs/models.md") == "see [why](docs?doc=security)"
    assert (
        with_links("[form](https://keepachangelog.com/)", path="CHANGELOG.md") == "[form](https://keepachangelog.com/)"
    )


def test_pictures_are_left_out() -> None:
    assert with_links("a\n\n![pairs: one](docs/pairs.png)\n\nb", path="README.md").split() == ["a", "b"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_there_and_its_links_lead_somewhere(name: str) -> None:
    text = text_of(DOCUMENTS[name])
    assert text
    if DOCUMENTS[name].is_markdown:
        targets = re.findall(r"\]\(([^)]+)\)", text)
        assert all(target.startswith("http") or target.removeprefix("docs?doc=") in DOCUMENTS for target in targets)
