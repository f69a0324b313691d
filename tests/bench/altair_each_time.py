"""The dashboard with its pair heatmap built with Altair on every rerun: the reference, nothing else."""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.app import lifespan, report_error
from dashboard.charts import pair_heatmap
from dashboard.server.security_headers import SecurityHeaders, server_error
from tests.browser.server import DASHBOARD

pair_heatmap._template = pair_heatmap._template.__wrapped__  # type: ignore[assignment]
app = st.App(
    DASHBOARD.with_name("main.py"),
    lifespan=lifespan,
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=report_error,
    exception_handlers={Exception: server_error},
)
