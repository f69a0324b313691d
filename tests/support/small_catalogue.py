"""A small catalogue, and packages for it in a folder, as pip finds them. No network."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import engine.model_catalogue.catalogue as module
from engine.model_catalogue.catalogue import CatalogueModel, PackagedFile, PackagePart

Patch = Callable[[object, str, object], None]
FILE = "tiny.gguf"
PIECES = (b"GGUF" + bytes(range(256)) * 40, b"second " * 3000, b"and the third")


def wheel(folder: Path, part: PackagePart, members: Mapping[str, bytes]) -> Path:
    """Write a wheel with these files, and no more than pip asks for."""
    name = part.package.replace("-", "_")
    info = f"{name}-{part.version}.dist-info"
    path = folder / f"{name}-{part.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
        # What must never be fetched or run.
        archive.writestr(f"{name}/__init__.py", "raise SystemExit('the package was run')")
        metadata = f"Metadata-Version: 2.1\nName: {part.package}\nVersion: {part.version}\nRequires-Dist: nowhere\n"
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def tiny_model(name: str = "tiny", pieces: Sequence[bytes] = PIECES, *, must_accept: bool = False) -> CatalogueModel:
    """A model whose file is these pieces, one in each package."""
    whole = b"".join(pieces)
    parts = tuple(
        PackagePart(package=f"{name}-part{number}", version="1.0", member=f"{name}/part{number}", bytes=len(piece))
        for number, piece in enumerate(pieces)
    )
    source = PackagedFile(file=FILE, bytes=len(whole), sha256=hashlib.sha256(whole).hexdigest(), parts=parts)
    return CatalogueModel(
        name=name,
        title=name.capitalize(),
        source=source,
        licence="Tiny licence",
        licence_url="https://example.org/terms",
        must_accept=must_accept,
        family="Tiny",
        billion_parameters=0.001,
        built_on="example/tiny-base",
        training_strategy="instruction tuning, English",
        languages=("en", "he"),
        trained_for="English and Hebrew",
    )


def write_wheels(folder: Path, model: CatalogueModel, pieces: Sequence[bytes] = PIECES) -> list[Path]:
    """Put the packages of a model into a folder; they may hold other pieces than the catalogue says."""
    assert isinstance(model.source, PackagedFile)
    folder.mkdir(exist_ok=True)
    return [wheel(folder, part, {part.member: piece}) for part, piece in zip(model.source.parts, pieces, strict=True)]


def pip_finds(folder: Path) -> dict[str, str]:
    """The environment in which pip looks into a folder and nowhere else, whatever it is set up for here."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": "/dev/null", "PIP_CONSTRAINT": ""}


def at_hand(packages: Path, fetched: list[str]) -> Callable[..., AbstractContextManager[Path]]:
    """What takes the packages from a folder in place of pip, which needs a second for each; and writes down which."""

    @contextmanager
    def fetched_wheel(part: PackagePart, work: Path, **_: object) -> Iterator[Path]:
        fetched.append(part.package)
        yield next(packages.glob(f"{part.package.replace('-', '_')}-*.whl"))

    return fetched_wheel


def use_catalogue(patch: Patch, *models: CatalogueModel) -> None:
    """Let the catalogue hold these models only; `patch` is `setattr` of a MonkeyPatch."""
    patch(module, "_read", lambda: {model.name: model for model in models})
