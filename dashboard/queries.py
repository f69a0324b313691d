"""Cached, bounded calls from the pages into the store. Keys are the store's version and ids, never a frame."""

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from engine.browse.contradiction import Contradiction
from engine.browse.contradiction import contradiction as find_contradiction
from engine.browse.queries import PairView, Strings, Taught, View, browse, browse_part
from engine.database.compute import compute
from engine.database.database import BrokenStore, Database, open_database
from engine.errors import IsoglossError
from engine.languages import by_family
from engine.locations import EMBEDDED, LOCAL
from engine.store.manifest import read_manifest
from engine.store.verify import StoreProblem, store_version

Found = TypeVar("Found")

_LOG = logging.getLogger("isogloss")
STORE_VARIABLE = "ISOGLOSS_STORE"  # folders to read instead of the embedded and the local one, separated as in PATH
LIVE = "live"  # the dataset of the facts that were probed live; it has a store of its own, inside the user's
_LIVE_VERSION = "live "  # what the version of that store begins with


def folders() -> tuple[Path, ...]:
    """The stores that the dashboard reads."""
    named = os.environ.get(STORE_VARIABLE)
    return tuple(Path(part).resolve() for part in named.split(os.pathsep)) if named else (EMBEDDED, LOCAL)


def live_folder() -> Path:
    """The store of live probes, which need not be there."""
    return folders()[-1] / "live"


# Not closed when it falls out of the cache: another visitor may still be reading it, and it closes with its last user.
@st.cache_resource(max_entries=2, show_spinner=False)
def _main_store(version: str) -> Database:
    return open_database(folders())


@st.cache_resource(max_entries=2, show_spinner=False)
def _live_store(version: str) -> Database:
    return open_database([live_folder()])


def _store(version: str) -> Database:
    return _live_store(version) if version.startswith(_LIVE_VERSION) else _main_store(version)


def _ask(version: str, question: Callable[[Database], Found]) -> Found:
    """Ask the store; where its database broke, open it anew, for all visitors, and ask once more."""
    store = _store(version)
    try:
        return question(store)
    except BrokenStore as error:
        _LOG.warning("%s The store is opened anew.", error)
        if _store(version) is store:  # else another visitor was here first
            _live_store.clear(version)
            _main_store.clear(version)
        return question(_store(version))


def version() -> str:
    """The store's version now; a changed file gives another one, so pages notice new results by themselves."""
    return store_version(folders())


def live_version() -> str:
    """The version of the store of live probes: a probe that is kept changes this one alone."""
    return _LIVE_VERSION + store_version([live_folder()])


def has_live() -> bool:
    """Whether a live probe is kept."""
    try:
        return any(entry.table == "results" and entry.rows for entry in read_manifest(live_folder()))
    except IsoglossError:  # the page of live probes says what is wrong with their store
        return False


def prewarm() -> None:
    """Load the store before the first visitor comes."""
    _store(version())


def problems(version: str) -> tuple[StoreProblem, ...]:
    """What had to be left out of the store, and why."""
    return _store(version).problems


@st.cache_data(max_entries=500, show_spinner=False)
def view(version: str, name: View, **parameters: object) -> pd.DataFrame:
    """The rows of a view of engine/browse."""
    return _ask(version, lambda store: browse(store, name, **parameters))


@st.cache_data(max_entries=500, show_spinner=False)
def pair_view(version: str, name: PairView, *, taught: Taught, strings: Strings, **parameters: object) -> pd.DataFrame:
    """The rows of a view of language pairs, over all facts or a part of them."""
    if (taught, strings) == ("all", "all"):
        return _ask(version, lambda store: browse(store, name, **parameters))
    return _ask(version, lambda store: browse_part(store, name, taught=taught, strings=strings, **parameters))


@st.cache_data(max_entries=200, show_spinner=False)
def contradiction(version: str, fact: Mapping[str, Any]) -> Contradiction | None:
    """Where a typed fact says otherwise than the store."""
    return _ask(version, lambda store: find_contradiction(store, fact))


@st.cache_data(max_entries=100, show_spinner=False)
def metric(
    version: str, name: str, *, dataset: str, model: str, languages: tuple[str, ...], pivot: str
) -> pd.DataFrame:
    """A metric of one model on one dataset, with its interval."""
    return _ask(
        version,
        lambda store: compute(
            store, name, datasets=[dataset], models=[model], languages=list(languages), pivot=pivot, interval=True
        ),
    )


@st.cache_data(max_entries=100, show_spinner=False)
def metric_over_models(
    version: str, name: str, *, dataset: str, models: tuple[str, ...], languages: tuple[str, ...]
) -> pd.DataFrame:
    """A metric that compares several models on one dataset."""
    return _ask(
        version,
        lambda store: compute(store, name, datasets=[dataset], models=list(models), languages=list(languages)),
    )


@st.cache_data(max_entries=50, show_spinner=False)
def languages(version: str, dataset: str) -> tuple[str, ...]:
    """The languages in which a dataset has figures, families together."""
    tags = view(version, "catalogue").query("dataset == @dataset")["languages"].explode().dropna().unique()
    return tuple(by_family(tags))
