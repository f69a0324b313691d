"""What a model's pace is known for, as service and page call it."""

from collections.abc import Mapping


def pace_name(probe: str, settings: Mapping[str, object]) -> str:
    """Name a kind of question that takes its own time: a probe; apart from it, a probe in every order of the options.

    `settings`: of the probe, by the names of `run`'s options.
    """
    permute = settings.get("permute") or "none"
    return probe if permute == "none" else f"{probe} {permute}"
