"""Messages between service and page: what is written is read again, and what is broken is named, never a traceback."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import IsoglossError
from engine.live.address import Address
from engine.live.client import LiveClient, ServiceRefused
from engine.live.protocol import messages
from engine.live.protocol.fact_text import CellProblem, FactInLanguage, FactText
from engine.live.protocol.message import Message
from tests.support.fake_probe_service import FACT, language_answer, probe_status

TEXT = st.text(max_size=8)  # halves of surrogate pairs are no text that a message reads
TAG = st.sampled_from(["en", "de", "he", "zh-TW"])
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.none() | st.booleans() | st.integers() | TEXT
FOR_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "fact": st.dictionaries(TEXT, JSON, max_size=2),
    "asking": st.dictionaries(TEXT, JSON, max_size=2),
}


def every_kind() -> list[type[Message]]:
    """Every message there is, by what the modules define."""
    found = {value for value in vars(messages).values() if isinstance(value, type) and issubclass(value, Message)}
    return sorted((found | {FactInLanguage}) - {Message}, key=lambda kind: kind.__name__)


def any_message(kind: type[Message]) -> st.SearchStrategy[Any]:
    """Any message of a kind, field by field from their types."""
    fields = {
        name: FOR_FIELDS[name] if kind in (messages.Submission, messages.SavedSummary) and name in FOR_FIELDS
        else any_value(field.rebuild_annotation())
        for name, field in kind.model_fields.items()
    }  # fmt: skip
    return st.fixed_dictionaries(fields).map(kind.model_validate)


def any_value(wanted: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    origin: Any = getattr(wanted, "__origin__", None)
    inner: tuple[Any, ...] = getattr(wanted, "__args__", ())
    if origin is not None and hasattr(wanted, "__metadata__"):  # a text or a list with a least and a greatest length
        bounded = inner[0]
        return st.lists(TEXT, min_size=1, max_size=3) if bounded == list[str] else st.text(min_size=1, max_size=9)
    if isinstance(wanted, type) and issubclass(wanted, Message):
        return any_message(wanted)
    if wanted is CellProblem:
        return st.builds(CellProblem, TEXT, TEXT, TEXT)
    if origin is tuple:
        return st.lists(any_value(inner[0]), max_size=3).map(tuple)
    if origin is list:
        return st.lists(any_value(inner[0]), max_size=3)
    if getattr(origin, "__name__", "") == "Mapping":
        return st.dictionaries(TAG, any_value(inner[1]), max_size=3)
    if getattr(origin, "_name", "") == "Literal" or "Literal" in str(origin):
        return st.sampled_from(inner)
    if inner:  # a union
        return st.one_of(*map(any_value, inner))
    strategies = {str: TEXT, int: st.integers(), float: NUMBER, bool: st.booleans(), type(None): st.none()}
    return strategies[wanted]


@pytest.mark.parametrize("kind", every_kind(), ids=lambda kind: kind.__name__)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_is_read_again(kind: type[Message], data: st.DataObject) -> None:
    message = data.draw(any_message(kind))
    assert kind.from_json(message.to_json()) == message


def test_every_message_is_tried() -> None:
    assert {messages.ProbeStatus, messages.TokenScores, messages.SavedProbe, FactText} <= set(every_kind())


STATUS = probe_status(languages={"de": language_answer(0, 0.75, 0.25, texts=("ja", "nein"), error="x")})


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda told: told | {"mood": "good"}, "mood: Extra inputs are not permitted"),
        (lambda told: {key: value for key, value in told.items() if key != "total"}, "total: Field required"),
        (lambda told: told | {"total": "3"}, "total: Input should be a valid integer"),
        (lambda told: told | {"state": "asleep"}, "state: Input should be 'waiting', 'running'"),
        (lambda told: told | {"languages": {"de": {}}}, "languages.de.options: Field required"),
        (lambda told: told | {"languages": [told["languages"]]}, "languages: Input should be"),
        (lambda told: [told], "Input should be an object"),
    ],
)
def test_an_answer_of_another_version_is_named_by_its_field(break_it: Callable[[Any], Any], said: str) -> None:
    broken = json.dumps(break_it(json.loads(STATUS.to_json()))).encode()
    with pytest.raises(IsoglossError, match="must be of one version") as raised:
        messages.ProbeStatus.from_json(broken)
    assert said in str(raised.value)


@pytest.mark.parametrize("data", [b"", b"<html>", b"\xff", b'{"id": ', b'{"id": "\\ud800"}', b"[" * 100_000])
def test_what_is_no_json_is_said_in_one_sentence(data: bytes) -> None:
    with pytest.raises(IsoglossError, match="an answer of the probe service cannot be read: ") as raised:
        messages.ProbeStatus.from_json(data)
    assert "\n" not in str(raised.value)


def test_what_was_not_measured_is_null_and_what_does_not_apply_is_left_out() -> None:
    told = json.loads(language_answer(None).to_json())
    assert (told["margin"], told["predicted"], told["options"][0]["probability"]) == (None, None, None)
    assert not {"text", "error", "order_choices", "letter_logprobs"} & set(told)
    assert json.loads(language_answer(1, text="Rom").to_json())["text"] == "Rom"


@contextmanager
def answering(status: int, body: bytes) -> Iterator[LiveClient]:
    """The client of a server that gives everybody the same answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with LiveClient(Address("token", url=f"http://127.0.0.1:{server.server_port}")) as client:
            yield client
    finally:
        server.shutdown()
        server.server_close()


def test_the_client_gets_messages_and_names_what_is_none() -> None:
    with answering(200, STATUS.to_json()) as client:
        assert client.poll("0") == STATUS
        with pytest.raises(IsoglossError, match="models: Field required"):
            client.models()
    with answering(200, b"<html>") as client, pytest.raises(IsoglossError, match="cannot be read"):
        client.models()


def test_a_refusal_is_read_whoever_refuses() -> None:
    refusal = messages.RefusalReply(error="full", seconds=2.5, problems=[CellProblem("de", "question", "is empty")])
    for body, said, seconds in ((refusal.to_json(), "full", 2.5), (b"Bad Gateway", "refused (status 502)", None)):
        with answering(502, body) as client, pytest.raises(ServiceRefused) as raised:
            client.poll("0")
        assert said in str(raised.value)
        assert (raised.value.status, raised.value.seconds) == (502, seconds)


def test_a_message_is_never_changed_nor_made_of_other_values() -> None:
    with pytest.raises(ValueError, match="frozen"):
        STATUS.state = "done"
    with pytest.raises(ValueError, match="valid string"):
        FactInLanguage.model_validate({"question": 7})
    assert FACT.has_options and not FactText(texts={"en": FactInLanguage(question="?")}).has_options
