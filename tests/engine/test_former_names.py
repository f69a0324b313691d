"""Names that were changed: the former ones work and say so, lead somewhere, and are dropped in time."""

from pathlib import Path

import pytest
from packaging.version import Version

from engine import former_names
from engine.cli import main
from engine.former_names import FORMER_NAMES, FormerName
from engine.metrics.definition import metrics
from engine.version import engine_version
from tests.support.tables import model_store

PLANTED = (
    FormerName(of="measure", former="jaccard", present="overlap", until="0.9"),
    FormerName(of="option", former="--only", present="--languages", until="0.9"),
)


def printed(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["metric", *arguments, "--store", str(folder), "--no-embedded", "--format", "csv"])
    assert not ended.value.code
    said = capsys.readouterr()
    return said.out, said.err


@pytest.mark.slow
def test_a_former_name_gives_the_same_figures_and_says_what_it_is_called_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model_store(tmp_path / "store", "ABC", {"en": "ABD", "de": "AB?", "he": "A?C"}).close()
    now, quiet = printed(tmp_path / "store", capsys, "overlap", "--languages", "en,he")
    assert now.count("\n") > 1 and not quiet
    monkeypatch.setattr(former_names, "FORMER_NAMES", PLANTED)
    for arguments in (("jaccard", "--only", "en,he"), ("jaccard", "--only=en,he")):
        then, said = printed(tmp_path / "store", capsys, *arguments)
        assert then == now
        assert "note: measure jaccard is now called overlap; the former name works until Isogloss 0.9" in said
        assert "note: option --only is now called --languages" in said


def test_every_former_name_is_dropped_in_time_and_nobody_elses() -> None:
    assert FORMER_NAMES
    for row in FORMER_NAMES:
        assert Version(engine_version()) < Version(row.until), f"{row.former} need not be understood any more"
        assert row.former != row.present
        assert row.of != "measure" or (row.former not in metrics() and row.present in metrics())
    assert len({(row.of, row.page, row.former) for row in FORMER_NAMES}) == len(FORMER_NAMES)
