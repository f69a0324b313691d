"""How far the runs of a store are, as they state it themselves. Imports no torch: the dashboard reads it."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args, get_type_hints

import orjson

from engine.runs.folder import RunFolder, run_folder, run_folders
from engine.runs.lock import read_holder
from engine.store.atomic import BadFile, read_regular
from engine.store.verify import StoreProblem

RunState = Literal["running", "finished", "stopped", "broken"]
_MAX_BYTES = 1024**2  # a progress file has one or two KB


@dataclass(frozen=True)
class RunProgress:
    """How far a run is. Answers are counted over all facts, languages and wordings."""

    run_id: str
    state: RunState  # stopped: on request; broken: by an error or a kill. Both go on where they stopped
    reason: str | None  # why it stopped or broke
    done: int  # answers so far
    total: int  # answers planned
    safe: int  # answers on disk: what a resumed run need not ask again
    failed: int  # answers that hold an error, of those done
    shards_done: int
    shards_total: int
    rate: float | None  # answers per second since this process began to ask
    eta_seconds: float | None  # time left at this rate
    pid: int
    host: str
    started: datetime  # when the run was first started, UTC
    updated: datetime  # when this was written, UTC
    model: str
    dataset: str
    probe: str
    templates: tuple[str, ...]
    languages: tuple[str, ...]
    command: tuple[str, ...]  # the arguments of `python -m engine` that go on with it: "run", "--model", …


_NUMBERS = tuple(name for name, kind in get_type_hints(RunProgress).items() if kind is int)
_TEXTS = tuple(name for name, kind in get_type_hints(RunProgress).items() if kind is str)
_FIELDS = {field.name for field in fields(RunProgress)}


def list_runs(store: Path) -> list[RunProgress]:
    """Every run of a store whose progress can be read, the one started last first. Raises nothing."""
    return read_runs(store)[0]


def read_runs(store: Path) -> tuple[list[RunProgress], list[StoreProblem]]:
    """Every run of a store, the one started last first, and the progress files that cannot be read. Raises nothing."""
    found: list[RunProgress] = []
    problems: list[StoreProblem] = []
    for folder in run_folders(store):
        try:
            found.append(_observed(folder))
        except FileNotFoundError:  # nothing was begun
            continue
        except BadFile as error:
            problems.append(StoreProblem(str(folder.progress.relative_to(store)), str(error)))
    return sorted(found, key=lambda run: (run.started, run.run_id), reverse=True), problems


def read_run(store: Path, run_id: str) -> RunProgress | None:
    """How far one run is; None when it has not begun or its progress cannot be read."""
    try:
        return _observed(run_folder(store, run_id))
    except (FileNotFoundError, BadFile):
        return None


def read_progress(folder: RunFolder) -> RunProgress:
    """What a run last said of itself. Raises FileNotFoundError; BadFile when it cannot be read."""
    return _parsed(read_regular(folder.progress, limit=_MAX_BYTES))


def progress_bytes(progress: RunProgress) -> bytes:
    """The progress file."""
    return orjson.dumps(asdict(progress), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _observed(folder: RunFolder) -> RunProgress:
    """What a run says of itself, corrected by whether a process holds its lock.

    One that says "running" and is not held was killed. One that stopped and is held is being taken up again.
    """
    progress = read_progress(folder)
    is_held = folder.is_held()
    if progress.state == "running" and not is_held:
        # It may have ended, or have been started again, between the two looks.
        progress, is_held = read_progress(folder), folder.is_held()
    if is_held and progress.state in ("stopped", "broken"):
        holder = read_holder(folder.lock)
        started_again = replace(progress, state="running", reason=None, rate=None, eta_seconds=None)
        return replace(started_again, pid=holder.pid, host=holder.host) if holder else progress
    if progress.state == "running" and not is_held:
        reason = "the process ended without a word: it was killed, or the machine went down"
        return replace(progress, state="broken", reason=reason, done=progress.safe, rate=None, eta_seconds=None)
    return progress


def _parsed(data: bytes) -> RunProgress:
    try:
        stated = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadFile(f"is broken: {error}") from error
    if not isinstance(stated, dict) or set(stated) != _FIELDS:
        raise BadFile(f"is broken: it must have exactly the fields {', '.join(sorted(_FIELDS))}")
    if stated["state"] not in get_args(RunState):
        raise BadFile(f"is broken: the state must be one of {', '.join(get_args(RunState))}")
    for name in _NUMBERS:
        _require(type(stated[name]) is int and stated[name] >= 0, name)
    _require(stated["pid"] > 1, "pid")
    for name in _TEXTS:
        _require(isinstance(stated[name], str), name)
    for name in ("templates", "languages", "command"):
        _require(isinstance(stated[name], list) and all(isinstance(item, str) for item in stated[name]), name)
        stated[name] = tuple(stated[name])
    for name in ("rate", "eta_seconds"):
        _require(stated[name] is None or (type(stated[name]) in (int, float) and stated[name] >= 0), name)
    _require(stated["reason"] is None or isinstance(stated["reason"], str), "reason")
    for name in ("started", "updated"):
        stated[name] = _time(stated[name], name)
    return RunProgress(**stated)


def _require(holds: bool, name: str) -> None:
    if not holds:
        raise BadFile(f'is broken: "{name}" is not as a run writes it')


def _time(text: object, name: str) -> datetime:
    _require(isinstance(text, str), name)
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise BadFile(f'is broken: "{name}" is not a time') from error
    _require(time.tzinfo is not None, name)
    return time
