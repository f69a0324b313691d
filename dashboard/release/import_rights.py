"""Whether a visitor may import: what is typed for it names any folder of the machine, or any address."""

import ipaddress
import os

import streamlit as st

IMPORT_VARIABLE = "ISOGLOSS_IMPORT"  # "on": any visitor may import, "off": none


def may_import() -> bool:
    """Whether visitors are on this machine, so far as the server's settings tell; the variable decides otherwise."""
    stated = os.environ.get(IMPORT_VARIABLE)
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
