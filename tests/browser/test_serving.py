"""The server as it ships: what it sends, what it refuses. Its control is a server without the protection."""

import base64
import re
import subprocess
from pathlib import Path

import pytest

from engine.locations import PROJECT
from tests.browser.conftest import StartServer
from tests.browser.server import DASHBOARD, Server, command

SPECIMEN = Path(__file__).parent / "specimen"
SOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
    "Sec-WebSocket-Protocol": "streamlit",
}
TRAVERSALS = (
    "/../../../../etc/passwd",
    "/static/../../../../../etc/passwd",
    "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2f..%2f..%2fetc/passwd",
    "/..%5c..%5c..%5cetc%5cpasswd",
    "//etc/passwd",
    "/media/../../../../etc/passwd",
    "/component/x/../../../../etc/passwd",
    "/app/static/../../../../etc/passwd",
)


@pytest.fixture(scope="module")
def specimen(start_server: StartServer) -> Server:
    """A page of its own behind the dashboard's server."""
    return start_server(script=SPECIMEN / "app.py")


@pytest.fixture(scope="module")
def unprotected(start_server: StartServer) -> Server:
    """The same page without the dashboard's server, and with Streamlit's own protection off."""
    off = ("--server.enableCORS=false", "--server.enableXsrfProtection=false", "--server.allowedHosts=*")
    return start_server(script=SPECIMEN / "main.py", options=off)


def _asset(server: Server) -> str:
    found = re.search(rb'href="\.(/static/css/[^"]+)"', server.request("/")[2])
    assert found
    return found[1].decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/texts", 200),
        ("/favicon.png", 200),
        ("/_stcore/health", 200),
        ("/_stcore/host-config", 200),
        ("/_stcore/metrics", 404),
        ("/texts/_stcore/health", 404),
        ("/media/nothing.png", 404),
        ("/%2e%2e/x", 400),
    ],
)
def test_every_response_has_the_headers(specimen: Server, path: str, status: int) -> None:
    got, headers, _ = specimen.request(path)
    assert got == status
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert f"connect-src 'self' ws://127.0.0.1:{specimen.port} wss://127.0.0.1:{specimen.port};" in policy
    assert "unsafe-eval" not in policy and "script-src 'self' 'sha256-" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]


def test_static_files_have_the_headers(specimen: Server) -> None:
    status, headers, _ = specimen.request(_asset(specimen))
    assert status == 200 and headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"


def test_streamlit_alone_sends_no_headers_and_answers_metrics(unprotected: Server) -> None:
    assert "Content-Security-Policy" not in unprotected.request("/")[1]
    assert unprotected.request("/_stcore/metrics")[0] == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_server_is_reached_under_both_names_with_a_port(specimen: Server, host: str) -> None:
    address = f"{host}:{specimen.port}"
    assert specimen.request("/", headers={"Host": address})[0] == 200
    status, *_ = specimen.request("/_stcore/stream", headers=SOCKET | {"Host": address, "Origin": f"http://{address}"})
    assert status == 101


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "http://evil.example"}, id="another site"),
        pytest.param({"Origin": "null"}, id="no site"),
        pytest.param({"Host": "evil.example", "Origin": "http://evil.example"}, id="rebinding"),
        pytest.param({"Host": "evil.example"}, id="rebinding without an origin"),
    ],
)
def test_other_sites_do_not_open_the_socket(specimen: Server, unprotected: Server, headers: dict[str, str]) -> None:
    assert specimen.request("/_stcore/stream", headers=SOCKET | headers)[0] == 403
    assert unprotected.request("/_stcore/stream", headers=SOCKET | headers)[0] == 101


def test_a_foreign_host_gets_no_page(specimen: Server, unprotected: Server) -> None:
    assert specimen.request("/", headers={"Host": "evil.example"})[0] == 403
    assert unprotected.request("/", headers={"Host": "evil.example"})[0] == 200


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leaves_the_folder(specimen: Server, path: str) -> None:
    status, _, body = specimen.request(path)
    assert status in (400, 404)
    assert b"root:" not in body


def test_an_upload_needs_the_token(specimen: Server, unprotected: Server) -> None:
    path, body = "/_stcore/upload_file/session/file", b"x"
    cookie = specimen.request("/_stcore/health")[1]["Set-Cookie"].split(";")[0]
    assert cookie.startswith("_streamlit_xsrf=")
    assert "SameSite=Strict" in specimen.request("/_stcore/health")[1]["Set-Cookie"]
    for method in ("PUT", "DELETE"):
        assert specimen.request(path, method, body=body)[0] == 403
        assert specimen.request(path, method, {"Cookie": cookie}, body)[0] == 403
    token = cookie.partition("=")[2]
    # With the token it gets past the check, and is refused for want of a session.
    assert specimen.request(path, "PUT", {"Cookie": cookie, "X-Xsrftoken": token}, body)[0] == 400
    assert unprotected.request(path, "PUT", body=body)[0] == 400


@pytest.mark.parametrize("option", ["server.enableCORS", "server.enableXsrfProtection"])
def test_it_does_not_start_unprotected(option: str) -> None:
    done = subprocess.run(
        command(DASHBOARD, f"--{option}=false"), cwd=PROJECT, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 1
    assert option in done.stderr and "Traceback" not in done.stderr + done.stdout


def test_it_does_not_start_without_its_settings(tmp_path: Path) -> None:
    done = subprocess.run(
        command(DASHBOARD),
        cwd=tmp_path,
        env={"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 1
    assert "server.allowedHosts" in done.stderr and "Traceback" not in done.stderr + done.stdout
