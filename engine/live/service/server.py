"""`python -m engine.live`: serves one address of this machine until it is stopped."""

import contextlib
import os
import socket
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from engine.configured_models import ALLOWED, allowed_models, own_tokenizers, translation_model
from engine.errors import IsoglossError
from engine.live.address import ADDRESS, Address, new_token, write_address
from engine.live.service.http_app import make_service
from engine.live.service.prober import Prober, ServiceLimits
from engine.live.service.saver import Saver
from engine.live.translation.translator import Translator
from engine.live.worker.messages import ModelSettings
from engine.locations import LOCAL
from engine.models.settings import OpenSettings

_BACKLOG = 256
_KEEP_ALIVE = 60  # seconds; the client lets go of an idle connection after 5, never the service while it is used
_ENDING_SECONDS = 8.0  # that it may take to end by itself
# Threads of a worker that wait must sleep: where others want the processor, two that spin take ten times as long.
_WAITING_THREADS = ("OMP_WAIT_POLICY", "PASSIVE")


def serve(
    models: Annotated[
        Path | None, typer.Option(help="A file that names the models which may be asked; models.toml of the store.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model to begin with, by its name in that list.")] = None,
    socket_path: Annotated[Path | None, typer.Option("--socket", help="Serve on a Unix socket of this name.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Serve on this port of 127.0.0.1 instead; 0: a free one.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, …")] = "auto",
    dtype: Annotated[str, typer.Option(help="Number format: auto, float32, bfloat16, float16.")] = "auto",
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of a model; one less than there are if not given.")
    ] = None,
    loaded: Annotated[int, typer.Option(min=1, help="Models that are kept loaded at a time.")] = 1,
    deadline: Annotated[float, typer.Option(min=0.1, help="Seconds that a model may take for an answer.")] = 60.0,
    waiting: Annotated[float, typer.Option(min=0.1, help="Seconds that a probe may wait for its turn.")] = 300.0,
    left: Annotated[float, typer.Option(min=0.1, help="Seconds until a probe that nobody looks at is dropped.")] = 15.0,
    until_stdin_closes: Annotated[
        bool, typer.Option("--until-stdin-closes", help="End when standard input does, as with whoever holds it.")
    ] = False,
    store: Annotated[Path, typer.Option("--store", help="Folder of the store; the address is written there.")] = LOCAL,
) -> None:
    """Serve live probes to the dashboard of this machine: one process holds the model, this one holds the queue."""
    if socket_path is not None and port is not None:
        raise IsoglossError("give a socket or a port, not both", exit_status=64)
    listed = models if models is not None else store / ALLOWED
    if models is not None and not models.is_file():
        raise IsoglossError(f"{models}: there is no such file", exit_status=64)
    if model is not None and model not in (names := allowed_models(listed)):
        raise IsoglossError(f"no model {model!r} in {listed}; choose from {', '.join(names) or 'none'}", exit_status=64)
    os.environ.setdefault(*_WAITING_THREADS)  # the workers' process starts with it
    prober = Prober(
        lambda: allowed_models(listed),
        ModelSettings(opening=OpenSettings(dtype=dtype, device=device), threads=threads),
        ServiceLimits(deadline=deadline, waiting=waiting, left=left, loaded=loaded),
        tokenizers=lambda: own_tokenizers(listed),
    )
    with contextlib.ExitStack() as stack:
        listening, address = stack.enter_context(_listening(socket_path, port))
        file = store / ADDRESS
        write_address(file, address)
        stack.callback(_withdraw, file, address)
        typer.echo(f"the probe service listens at {address.socket or address.url}; its token is in {file}")
        translator = Translator(lambda: translation_model(listed), prober.settings)
        app = make_service(prober, Saver(store), translator, token=address.token, first=model)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=2,
            timeout_keep_alive=_KEEP_ALIVE,
        )
        server = uvicorn.Server(config)
        if until_stdin_closes:
            threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
        server.run(sockets=[listening])


def _end_with_stdin(server: uvicorn.Server) -> None:
    """Standard input closes when the process at its other end does, however that ends."""
    sys.stdin.buffer.read()
    server.should_exit = True
    time.sleep(_ENDING_SECONDS)
    os._exit(1)


@contextlib.contextmanager
def _listening(path: Path | None, port: int | None) -> Iterator[tuple[socket.socket, Address]]:
    """A socket that only this user, or only this machine, can reach."""
    token = new_token()
    with contextlib.ExitStack() as stack:
        if port is not None:
            listening = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            _bind(listening, ("127.0.0.1", port))
            address = Address(token, url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        else:
            if path is None:
                path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="isogloss-"))) / "probe.sock"
            path = path.absolute()
            _clear(path)
            listening = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            before = os.umask(0o177)  # 0600 from the first moment on
            try:
                _bind(listening, str(path))
            finally:
                os.umask(before)
            stack.callback(path.unlink, missing_ok=True)
            address = Address(token, socket=str(path))
        listening.listen(_BACKLOG)
        yield listening, address


def _bind(listening: socket.socket, where: tuple[str, int] | str) -> None:
    try:
        listening.bind(where)
    except OSError as error:
        raise IsoglossError(f"cannot listen at {where}: {error.strerror or error}; give another place") from error


def _clear(path: Path) -> None:
    """Take away a socket that nobody listens at any more. Raises IsoglossError when somebody does."""
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise IsoglossError(f"{path} is there already and is no socket; give another place", exit_status=64)
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trying:
        try:
            trying.connect(str(path))
        except OSError:
            path.unlink()
            return
    raise IsoglossError(f"a probe service listens at {path} already", exit_status=75)


def _withdraw(file: Path, address: Address) -> None:
    """Take the address away, unless another service has put its own there."""
    with contextlib.suppress(OSError):
        if address.token.encode() in file.read_bytes():
            file.unlink()
