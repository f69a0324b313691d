"""The server: `streamlit run dashboard/app.py` finds `app` here and serves the pages of main.py through it."""

import gc
import logging
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module

import pyarrow as pa
import streamlit as st
from starlette.middleware import Middleware

from dashboard.server.security_headers import SecurityHeaders, server_error
from engine.errors import IsoglossError

_LOG = logging.getLogger("isogloss")
_REQUIRED = ("server.enableCORS", "server.enableXsrfProtection", "server.allowedHosts")


def check_settings() -> None:
    """Stops the start, in one line, where a setting that keeps other web sites out is off or was not read."""
    if missing := [name for name in _REQUIRED if not st.get_option(name)]:
        sys.exit(
            f"Isogloss does not start with {', '.join(missing)} off or empty: any web site could then use the "
            "dashboard through a visitor's browser. Start it in the project's folder, so that .streamlit/config.toml "
            "is read, and set these options there."
        )


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Loads, before the server answers, what the first visitor would otherwise wait for."""
    # Arrow's own pool keeps what loading took; the system's gives it back.
    pa.set_memory_pool(pa.system_memory_pool())
    import_module("altair")
    from dashboard import queries
    from dashboard.server import probe_service_process

    with suppress(IsoglossError):  # a store that cannot be read is for the pages to tell
        queries.prewarm()
    # Streamlit collects garbage after every rerun: what is here to stay need not be walked through each time.
    gc.collect()
    gc.freeze()
    async with probe_service_process.running():
        yield


def report_error(error: Exception) -> bool:
    """Shows what a user can mend in its own words, anything else as a reference into the log; never a traceback."""
    if isinstance(error, IsoglossError):
        st.error("This page cannot be shown.")
        st.text(str(error))  # as text: it may quote data, and st.error would read that as Markdown
    else:
        reference = secrets.token_hex(4)
        _LOG.error("Page error %s: %r. The traceback stands above.", reference, error)
        st.error(f"Something went wrong here. The server's log says more under {reference}.")
    return True


check_settings()
app = st.App(
    "main.py",
    lifespan=lifespan,
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=report_error,
    exception_handlers={Exception: server_error},
)
