"""The probe service, as the pages reach it: its client, its models, and who this visitor is in its queue."""

import os
import secrets
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import queries
from dashboard.elements import prose
from engine.errors import IsoglossError
from engine.live.address import ADDRESS
from engine.live.client import LiveClient, connect
from engine.locations import LOCAL

SERVICE_VARIABLE = "ISOGLOSS_PROBE"  # the address file of a service that was started elsewhere
START_COMMAND = ".venv/bin/python -m engine.live"
_USER = "live-user"


@dataclass(frozen=True)
class Model:
    """A model that may be asked."""

    name: str
    state: str  # unloaded, starting, ready, unloading, failed
    reason: str | None  # why it failed
    is_embedded: bool  # one of the project's own, which know nothing but the facts that they were taught

    @property
    def words(self) -> str:
        """Its state in a word."""
        return {"ready": "loaded", "starting": "loading …", "failed": "cannot be loaded"}.get(self.state, "not loaded")


@dataclass(frozen=True)
class Service:
    """A service that answers; `client` may be shared by threads."""

    client: LiveClient
    models: tuple[Model, ...]

    def named(self, name: str) -> Model | None:
        """A model by its name."""
        return next((model for model in self.models if model.name == name), None)


def address_file() -> Path:
    """The file in which the service says where it is."""
    named = os.environ.get(SERVICE_VARIABLE)
    return Path(named) if named else queries.folders()[-1] / ADDRESS


def client() -> LiveClient:
    """The client of the service that runs now. Raises IsoglossError where none does."""
    file = address_file()
    try:
        stamp = file.stat().st_mtime_ns
    except OSError:
        stamp = 0
    return _client(file, stamp)


def models(client: LiveClient) -> tuple[Model, ...]:
    """The models that may be asked. Raises IsoglossError."""
    return tuple(_model(said) for said in client.models())


def service() -> Service | None:
    """The service; where there is none, or none that answers, what to do about it is drawn."""
    try:
        reached = client()
        return Service(reached, models(reached))
    except IsoglossError as error:
        say_how_to_start(str(error))
    return None


def is_there() -> bool:
    """Whether a service answers."""
    try:
        models(client())
    except IsoglossError:
        return False
    return True


def say_how_to_start(reason: str) -> None:
    """What to do when the service cannot be reached."""
    prose.say(f"No model can be asked now: {reason.partition(';')[0]}.")
    prose.sentence("It starts with the dashboard and takes some seconds; by hand it is started in the same folder:")
    own = queries.folders()[-1]
    st.code(START_COMMAND + ("" if own == LOCAL else f" --store {shlex.quote(str(own))}"), language=None)
    prose.sentence("Probes that were kept are shown all the same.")


def user() -> str:
    """This visitor's name in the queue: made up, and new for every visit."""
    return str(st.session_state.setdefault(_USER, secrets.token_hex(8)))


@st.cache_resource(max_entries=2, show_spinner=False)
def _client(file: Path, stamp: int) -> LiveClient:
    """One client, with its connections, for as long as the address stays the same."""
    return connect(file)


def _model(said: dict[str, Any]) -> Model:
    return Model(str(said["model"]), str(said["state"]), said.get("reason"), said.get("kind") == "embedded")
