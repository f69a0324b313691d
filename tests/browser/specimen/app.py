"""The dashboard's server around a page of its own, which needs no store."""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.app import report_error
from dashboard.server.security_headers import SecurityHeaders, server_error

app = st.App(
    "main.py",
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=report_error,
    exception_handlers={Exception: server_error},
)
