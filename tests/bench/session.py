"""A visitor without a browser: Streamlit's own messages over its websocket, no more than a page load and a choice."""

from types import TracebackType
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.browser.server import Server

_CHART = "-pair-heatmap"  # how the id of the heatmap ends
_TIMEOUT = 60.0
_MAX_MESSAGE = 50 * 1024**2
_REMEMBERED = 2  # reruns for which a browser keeps a large message, unless it is used again


class PageFailedError(RuntimeError):
    """The server ended a rerun without the page that was asked for."""


class Session:
    """One visitor's session on a page. Leave it with `with`."""

    def __init__(self, server: Server, page: str, **query: str) -> None:
        """Connect, and ask for nothing yet."""
        self._socket = connect(
            f"ws://localhost:{server.port}/_stcore/stream",
            origin=Origin(server.url),
            subprotocols=[Subprotocol("streamlit")],
            max_size=_MAX_MESSAGE,
        )
        self._page = page
        self._query = urlencode(query)
        self._page_hash = ""
        self._model_box = ""
        self._labels: dict[str, str] = {}  # of the models in its box
        self._cached: dict[str, int] = {}  # large messages by their hash: in which rerun they were last used
        self._charts: set[str] = set()
        self._reruns = 0
        self.message_bytes = 0

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def open(self) -> None:
        """Ask for the page and wait until it is drawn. Raises PageFailedError."""
        self._rerun({})

    def choose_model(self, model: str) -> None:
        """Choose a model in the sidebar, as a browser would say it. Raises PageFailedError."""
        self._rerun({self._model_box: self._labels[model]})
        if f"model={model}" not in self._query.split("&"):
            raise PageFailedError(f"the page did not switch to {model}: {self._query}")

    def _rerun(self, widgets: dict[str, str]) -> None:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = self._query
        rerun.page_script_hash = self._page_hash
        if not self._page_hash:
            rerun.page_name = self._page
        rerun.cached_message_hashes.extend(self._cached)
        rerun.context_info.color_scheme = "light"
        for widget, value in widgets.items():
            rerun.widget_states.widgets.add(id=widget, string_value=value)
        self._socket.send(message.SerializeToString())
        self._read_to_the_end()

    def _read_to_the_end(self) -> None:
        self.message_bytes = 0
        self._reruns += 1
        has_chart = False
        while True:
            data = self._socket.recv(timeout=_TIMEOUT)
            assert isinstance(data, bytes)
            self.message_bytes += len(data)
            message = ForwardMsg.FromString(data)
            match message.WhichOneof("type"):
                case "navigation":
                    self._page_hash = message.navigation.page_script_hash
                case "page_info_changed":
                    self._query = message.page_info_changed.query_string
                case "delta":
                    element = message.delta.new_element
                    if element.vega_lite_chart.id.endswith(_CHART):
                        has_chart = True
                        self._charts.add(message.hash)
                    if element.selectbox.label == "Model":
                        self._model_box = element.selectbox.id
                        self._labels = {label.partition(" · ")[0]: label for label in element.selectbox.options}
                case "ref_hash":
                    self._cached[message.ref_hash] = self._reruns
                    has_chart |= message.ref_hash in self._charts
                case "script_finished":
                    if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                        raise PageFailedError(f"the page ended with {message.script_finished}")
                    break
            if message.metadata.cacheable:
                self._cached[message.hash] = self._reruns
        self._cached = {key: used for key, used in self._cached.items() if self._reruns - used < _REMEMBERED}
        if not has_chart:
            raise PageFailedError("the page was drawn without its heatmap")
