"""A results file damaged in 2,000 ways: none of them may pass for the original with other values in it."""

import random
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engine.store.verify
from engine.errors import IsoglossError
from engine.store.footer import PARQUET_ERRORS, open_parquet
from engine.store.manifest import Entry
from engine.store.verify import BadFile, VerifiedFile, read_snapshot
from engine.store.write import TableFile, write_files
from tests.faults.children import run
from tests.faults.rows import answers, contents

_KINDS = ("flip", "zero", "cut", "append", "footer")


def _mutated(data: bytes, kind: str, chance: random.Random) -> bytes:
    """Damage of one kind at a random place."""
    place = chance.randrange(len(data))
    match kind:
        case "flip":
            return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
        case "zero":
            end = min(place + 4096, len(data))
            return data[:place] + bytes(end - place) + data[end:]
        case "cut":
            return data[:place]
        case "append":
            return data + chance.randbytes(chance.randrange(1, 4096))
        case _:
            footer = 8 + int.from_bytes(data[-8:-4], "little")
            place = len(data) - 1 - chance.randrange(footer)
            return data[:place] + chance.randbytes(1) + data[place + 1 :]


def _outcomes(folder: Path, mutations: int) -> Counter[str]:
    """Damage the file `mutations` times: how often it was unchanged, refused by name, or silently wrong."""
    write_files(folder, [TableFile("results", "lab", answers(600))])
    (file,) = (folder / "results").iterdir()
    data = file.read_bytes()
    original = contents(read_snapshot(folder))
    chance, counts = random.Random(7), Counter[str]()
    for number in range(mutations):
        file.write_bytes(mutated := _mutated(data, _KINDS[number % len(_KINDS)], chance))
        snapshot = read_snapshot(folder)
        try:
            read = contents(snapshot)
        except IsoglossError:
            counts["refused"] += 1
            continue
        if mutated == data:
            counts["unchanged"] += 1
            assert not snapshot.problems
        elif snapshot.problems:
            counts["refused"] += [problem.file for problem in snapshot.problems] == [f"results/{file.name}"]
        else:
            counts["silently wrong" if read != original else "harmless"] += 1
    return counts


def _unverified(data: bytes, entry: Entry) -> VerifiedFile:
    """The planted bug: the file is opened as it is."""
    try:
        return VerifiedFile(entry, pq.ParquetFile(pa.BufferReader(data)))
    except PARQUET_ERRORS as error:
        raise BadFile(str(error)) from error


def _by_page_checksums(data: bytes, entry: Entry) -> VerifiedFile:
    """The second line of defence alone: everything but the hash of the whole file."""
    return VerifiedFile(entry, open_parquet(data, entry))


def _outcomes_with(open_verified: str, folder: Path, mutations: int) -> None:
    """In a child, for the damage may crash it: leaves the counts in a file."""
    engine.store.verify.open_verified = globals()[open_verified]
    counts = _outcomes(folder / "store", mutations)
    (folder / "counts").write_text(repr(dict(counts)), encoding="utf-8")


def test_no_damage_is_silent(tmp_path: Path) -> None:
    counts = _outcomes(tmp_path, 2000)
    assert counts["silently wrong"] == 0
    assert counts["harmless"] == 0  # a changed byte is refused even where it changes no value
    assert counts["refused"] + counts["unchanged"] == 2000
    assert counts["refused"] > 1900


@pytest.mark.parametrize(
    ("open_verified", "is_silent"), [("_unverified", True), ("_by_page_checksums", False)], ids=["none", "checksums"]
)
def test_control_without_the_hash(tmp_path: Path, open_verified: str, is_silent: bool) -> None:
    assert run(_outcomes_with, open_verified, tmp_path, 1000) == 0
    counts = (tmp_path / "counts").read_text(encoding="utf-8")
    print(counts)
    assert ("silently wrong" in counts) is is_silent, counts
