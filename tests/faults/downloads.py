"""What a child process does to get a model until it is killed. (No pytest here: a child would import it each time.)"""

import os
import resource
import signal
from pathlib import Path
from typing import Literal

import engine.model_catalogue.download
from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import CatalogueModel
from engine.model_catalogue.download import get_model
from engine.model_catalogue.place import ModelPlace
from tests.faults.steps import before_each_step
from tests.support.small_catalogue import at_hand

Bug = Literal["gathered in its place"] | None


def get(model: CatalogueModel, store: Path, environment: dict[str, str]) -> None:
    """Get a model with pip; exits with the error's status, 130 when it is stopped."""
    os.environ.update(environment)
    try:
        get_model(model, store, accepted=False)
    except IsoglossError as error:
        os._exit(error.exit_status)
    except KeyboardInterrupt:
        os._exit(130)


def get_with_little_room(model: CatalogueModel, store: Path, environment: dict[str, str], room: int) -> None:
    """Get a model where no file may have more bytes. (Python ignores SIGXFSZ: the write fails, also pip's.)"""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    get(model, store, environment)


def get_until(model: CatalogueModel, store: Path, packages: Path, last_step: int, bug: Bug = None) -> None:
    """Get a model, its packages at hand without pip, and be killed before step `last_step`."""

    def die(step: int) -> None:
        if step == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    if bug:
        (store / "models" / model.name).mkdir(parents=True, exist_ok=True)
        ModelPlace.gathered = ModelPlace.target  # type: ignore[method-assign]
    setattr(engine.model_catalogue.download, "fetched_wheel", at_hand(packages, []))  # noqa: B010 - a planted one
    before_each_step(die, setattr)
    get(model, store, {})
