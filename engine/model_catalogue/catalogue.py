"""The models that can be had: what each is, under which licence, and where it comes from. Imports no torch."""

import difflib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from engine.errors import IsoglossError

_FILE = files("engine.model_catalogue") / "catalogue.toml"
_EXACTLY = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True, config=_EXACTLY)
class PackagePart:
    """A piece of a model's file that a package of the Python package index holds."""

    package: str
    version: str
    member: str  # its path inside the package
    bytes: int


@dataclass(frozen=True, kw_only=True, config=_EXACTLY)
class PackagedFile:
    """A model's file, in packages; their pieces, one after the other, are the file."""

    kind: Literal["packages"] = "packages"
    file: str
    bytes: int
    sha256: str
    parts: tuple[PackagePart, ...]


@dataclass(frozen=True, kw_only=True, config=_EXACTLY)
class HubRepository:
    """A model of the Hugging Face hub, whose own client fetches and verifies it."""

    kind: Literal["hub"] = "hub"
    id: str
    gated: bool | None = None  # whether the hub wants its terms accepted there; None: not known


@dataclass(frozen=True, kw_only=True, config=_EXACTLY)
class CatalogueModel:
    """A model that can be had; the fields from `family` to `languages` are what a store says of a model."""

    name: str  # what it is called here, and what results call it
    title: str  # what people call it
    source: Annotated[PackagedFile | HubRepository, Field(discriminator="kind")]
    licence: str
    licence_url: str
    must_accept: bool = False  # whether its terms are to be accepted before it is fetched
    family: str
    billion_parameters: float
    built_on: str | None = None  # None: from scratch, or not known
    training_strategy: str
    languages: tuple[str, ...] = ()  # BCP 47 tags; empty: not listed by its maker, or too many
    trained_for: str  # the languages in plain words
    weights: str = "as published"  # in which numbers


def catalogue() -> Mapping[str, CatalogueModel]:
    """Every model that can be had, by its name."""
    return _read()


def model_title(name: str) -> str:
    """What people call a model; a name that the catalogue does not have stays as it is."""
    return catalogue()[name].title if name in catalogue() else name


def find_in_catalogue(name: str) -> CatalogueModel:
    """Find a model by its name. Raises IsoglossError, with names like it, where there is none."""
    if name in catalogue():
        return catalogue()[name]
    near = difflib.get_close_matches(name, catalogue(), n=3)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    raise IsoglossError(f"no model {name!r} can be had.{meant} There are: {', '.join(catalogue())}", exit_status=64)


@cache
def _read() -> Mapping[str, CatalogueModel]:
    stated = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    models = TypeAdapter(list[CatalogueModel]).validate_python(stated["model"])
    return {model.name: model for model in models}
