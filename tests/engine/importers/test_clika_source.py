"""A release out of a folder or a git repository, and git's errors as one line."""

import subprocess
from pathlib import Path

import pytest

from engine.errors import IsoglossError
from engine.importers.clika.release import find_release
from engine.importers.clika.source import release_folder
from tests.support.clika_small import write_geo

SAID = {"chatgpt": {"en": "AC", "de": "AC", "he": "AB"}}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = write_geo(tmp_path / "release", SAID)
    (root / "x_geo" / "en" / "link_res_bf16_add_simple_example.jsonl").symlink_to("/etc/passwd")
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "release"]):
        subprocess.run([*git, *command], check=True)
    return root


def test_folder_is_used_where_it_is(tmp_path: Path) -> None:
    root = write_geo(tmp_path, SAID)
    with release_folder(str(root)) as folder:
        assert folder == root


def test_git_url_is_cloned_for_the_time_of_the_import(repository: Path) -> None:
    with release_folder(f"file://{repository}") as folder:
        assert folder != repository
        assert len(find_release(folder).results) == 4  # three, and the link, which is a plain file now
        assert not (folder / "x_geo" / "en" / "link_res_bf16_add_simple_example.jsonl").is_symlink()
        assert (folder / ".git" / "shallow").is_file()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("/no/such/folder", "does not exist: give the folder of a CLiKA release, or a git URL"),
        ("/etc/passwd", "is a file, not a folder"),
        ("--upload-pack=touch /tmp/x", "neither a folder nor a git URL"),
        ("-oProxyCommand=x.git", "neither a folder nor a git URL"),
        ("file:///no/such/repository", r"git could not clone it \(fatal: .*\); check the address"),
        ("/no/such/repository.git", r"git could not clone it \(fatal: .*\); check the address"),
        ("ssh://-oProxyCommand=touch/x", r"git could not clone it \(fatal: strange hostname"),
        ("ext::sh -c date% .git", r"git could not clone it \(fatal: transport 'ext' not allowed\)"),
        ("http://localhost/x.git", r"git could not clone it \(fatal: transport 'http' not allowed\)"),
    ],
)
def test_bad_source_is_one_clear_line(source: str, reason: str) -> None:
    with pytest.raises(IsoglossError, match=reason) as caught, release_folder(source):
        pass
    assert "\n" not in str(caught.value)


def test_password_in_a_url_is_not_shown() -> None:
    with pytest.raises(IsoglossError) as caught, release_folder("http://me:secret@localhost/x.git"):
        pass
    assert "secret" not in str(caught.value)


def test_missing_git_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(IsoglossError, match="git is not installed; install it, or give a folder"),
        release_folder("file:///x"),
    ):
        pass
