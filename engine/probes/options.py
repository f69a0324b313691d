"""The command-line options that the catalogue of probes makes: for the probe, and for all that it can be set to."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from engine.probes.catalogue import FORM, PROBES, Setting, all_settings, probes_with

FormOption = Annotated[str, typer.Option(help=f"{FORM.help}.")]
FormsOption = Annotated[list[str] | None, typer.Option(help=f"{FORM.help}; may be repeated.")]


def with_probe_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for every setting but FORM; it gets what is given of them as `settings`, by name.

    The command has parameters `probe` and `settings`, and asks for the form itself.
    """
    offered = {name: setting for name, setting in all_settings().items() if setting is not FORM}
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=setting.default, annotation=_option_of(setting))
        for name, setting in offered.items()
    ]
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name == "settings":
            parameters += options
        elif parameter.name == "probe":
            parameters.append(parameter.replace(annotation=_probe_option(), kind=inspect.Parameter.KEYWORD_ONLY))
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))

    @wraps(command)
    def called(**given: Any) -> None:
        stated = {name: given.pop(name) for name in offered}
        settings = {name: value for name, value in stated.items() if value != offered[name].default}
        command(**given, settings=settings)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # what Typer reads
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return called


def _probe_option() -> object:
    return Annotated[str, typer.Option(help=f"How to ask: {_listed(tuple(PROBES))}.")]


def _option_of(setting: Setting) -> object:
    probes = probes_with(setting)
    of_some = "" if len(probes) == len(PROBES) else f"{', '.join(probes)}: "
    kind = setting.kind if setting.default is not None else setting.kind | None
    names = (setting.option,) if setting.kind is bool else ()
    shown: bool | str = setting.usual or True
    return Annotated[kind, typer.Option(*names, help=of_some + setting.help, min=setting.at_least, show_default=shown)]


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
