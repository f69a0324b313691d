"""The probe service, as the pages reach it: its client, its models, and who this visitor is in its queue."""

import os
import secrets
import shlex
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard import queries
from dashboard.elements import prose
from engine.errors import IsoglossError
from engine.live.address import ADDRESS
from engine.live.client import LiveClient, connect
from engine.live.protocol.messages import LoadState, ModelState
from engine.locations import LOCAL

SERVICE_VARIABLE = "ISOGLOSS_PROBE"  # the address file of a service that was started elsewhere
START_COMMAND = ".venv/bin/python -m engine.live"
_USER = "live-user"


@dataclass(frozen=True)
class Service:
    """A service that answers; `client` may be shared by threads."""

    client: LiveClient
    models: tuple[ModelState, ...]

    def named(self, name: str) -> ModelState | None:
        """The model of a name."""
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


def state_in_words(state: LoadState) -> str:
    """Whether a model is loaded, in a word."""
    words: dict[LoadState, str] = {"ready": "loaded", "starting": "loading …", "failed": "cannot be loaded"}
    return words.get(state, "not loaded")


def service() -> Service | None:
    """The service; where there is none, or none that answers, what to do about it is drawn."""
    try:
        reached = client()
        return Service(reached, reached.models())
    except IsoglossError as error:
        say_how_to_start(str(error))
    return None


def is_there() -> bool:
    """True when a service answers."""
    try:
        client().models()
    except IsoglossError:
        return False
    return True


def say_how_to_start(reason: str) -> None:
    """Draw what to do when the service cannot be reached."""
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
