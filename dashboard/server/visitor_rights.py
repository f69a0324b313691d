"""Whether a visitor may have the server fetch something: a release, from any folder or address, or a model."""

import ipaddress
import os

import streamlit as st

FETCH_VARIABLE = "ISOGLOSS_IMPORT"  # "on": any visitor may, "off": none


def may_fetch() -> bool:
    """Whether visitors are on this machine, so far as the server's settings tell; the variable decides otherwise."""
    stated = os.environ.get(FETCH_VARIABLE)
    if stated in ("on", "off"):
        return stated == "on"
    hosts = [st.get_option("server.address"), *(st.get_option("server.allowedHosts") or ())]
    is_behind_proxy = "X-Forwarded-For" in st.context.headers
    return all(is_loopback(host) for host in hosts) and not is_behind_proxy


def is_loopback(host: str | None) -> bool:
    """Whether a name or an address means the machine itself."""
    if host == "localhost":
        return True
    try:
        return host is not None and ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
