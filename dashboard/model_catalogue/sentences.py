"""A model that is here or can be had, in words and as safe HTML."""

import html

from dashboard.elements.figures import parameters, size
from dashboard.elements.visible_text import visible
from engine.errors import IsoglossError
from engine.languages import language
from engine.model_catalogue.catalogue import CatalogueModel, HubRepository
from engine.model_catalogue.listing import ListedModel
from engine.model_catalogue.status import DownloadStatus
from engine.runs.launchers.local import command_line

_OUR_LICENCE = "Apache-2.0"  # of the models that come with the project
_FEW = 4  # languages that are named one by one


def offer(listed: ListedModel) -> str:
    """What the button that gets a model says: how much is still to come, where that is known."""
    model, status = _of_catalogue(listed), listed.status
    if listed.presence == "half there" and status is not None and status.total is not None:
        return f"Get the rest of {model.title} ({size(status.total - status.done)})"
    return f"Get {model.title} ({_how_large(listed)})"


def state_in_words(listed: ListedModel) -> str:
    """Whether it is here, and how much of it."""
    if listed.status is not None and listed.presence in ("half there", "being got"):
        return f"{listed.presence}: {so_far(listed.status)}"
    if listed.model is not None and isinstance(listed.model.source, HubRepository) and listed.model.source.gated:
        return f"{listed.presence}; its terms are accepted on the hub"
    return listed.presence


def so_far(status: DownloadStatus) -> str:
    """How much of a model is here, of how much: 64 of 253 MB."""
    if status.total is None:
        return f"{size(status.done)} so far"
    done, total = size(status.done), size(status.total)
    amount, _, unit = done.partition(" ")
    return f"{amount if total.endswith(f' {unit}') else done} of {total}"


def model_line(listed: ListedModel, *, trained_for: str | None = None) -> str:
    """Its name, size, licence, languages and state in a line. `trained_for`: the languages of one that has no entry."""
    model = listed.model
    languages = model.trained_for if model else languages_in_words(trained_for)
    state = " · ".join(part for part in (languages, state_in_words(listed)) if part)
    cells = [f"<strong>{visible(listed.name)}</strong>", visible(_how_large(listed)), _licence(listed), visible(state)]
    return f'<p class="iso-model" dir="auto">{"".join(f"<span>{cell}</span>" for cell in cells)}</p>'


def progress_bar(title: str, status: DownloadStatus | None) -> str:
    """How far the getting of a model is; None: it has just been started."""
    value = ""
    if status is None:
        words = f"Starting to get {title} …"
    elif status.state == "checking":
        words = f"All of {title} is here; it is being checked …"
    else:
        words = f"Getting {title}: {so_far(status)}"
        value = "" if status.total is None else f' value="{status.done}" max="{status.total}"'
    return (
        f'<div class="iso-run"><progress class="iso-bar"{value} aria-label="{html.escape(words)}"></progress>'
        f'<p class="caption" role="status" dir="auto">{visible(words)}</p></div>'
    )


def licence_link(model: CatalogueModel, words: str) -> str:
    """A link to the licence of a model, as safe HTML."""
    return f'<a class="iso-licence" href="{html.escape(model.licence_url)}" target="_blank">{visible(words)}</a>'


def get_command(model: CatalogueModel) -> str:
    """The same from the command line."""
    return command_line(["models", "get", model.name, *(["--accept-terms"] if model.must_accept else [])])


def languages_in_words(tags: str | None) -> str:
    """The languages of a model as the store says them, tags or words; English names where they are few."""
    if tags is None:
        return ""
    try:
        names = [language(tag).name for tag in tags.split()]
    except IsoglossError:
        return tags
    return ", ".join(names) if len(names) <= _FEW else f"{len(names)} languages"


def _how_large(listed: ListedModel) -> str:
    if listed.bytes is None and listed.model is not None:
        return f"{parameters(listed.model.billion_parameters)} parameters"
    return size(listed.bytes)


def _licence(listed: ListedModel) -> str:
    if listed.model is not None:
        return licence_link(listed.model, listed.model.licence)
    return _OUR_LICENCE if listed.origin == "embedded" else ""


def _of_catalogue(listed: ListedModel) -> CatalogueModel:
    assert listed.model is not None  # what can be had is of the catalogue
    return listed.model
