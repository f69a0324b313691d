"""The typing of the Live probe page alone, on a small store of five capitals in three languages."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

NAMES = {
    "PL": {"en": ("Poland", "Warsaw"), "pl": ("Polska", "Warszawa"), "he": ("פולין", "ורשה")},
    "IT": {"en": ("Italy", "Rome"), "pl": ("Włochy", "Rzym"), "he": ("איטליה", "רומא")},
    "FR": {"en": ("France", "Paris"), "pl": ("Francja", "Paryż"), "he": ("צרפת", "פריז")},
    "EG": {"en": ("Egypt", "Cairo"), "pl": ("Egipt", "Kair"), "he": ("מצרים", "קהיר")},
    "JP": {"en": ("Japan", "Tokyo"), "pl": ("Japonia", "Tokio"), "he": ("יפן", "טוקיו")},
}
QUESTIONS = {"en": "Which city is the capital of {}?", "pl": "Jakie miasto jest stolicą: {}?", "he": "מהי בירת {}?"}


def capital_rows() -> list[dict[str, object]]:
    """Five capitals in three languages; the right option is the first one of PL, the second of IT, and so on."""
    rows: list[dict[str, object]] = [
        {
            "dataset": "d", "fact_id": country, "language": tag, "stream": "factual", "relation": "capital",
            "subject": subject, "question": QUESTIONS[tag].format(subject), "answers": [],
            "options": [others[tag][1] for others in NAMES.values()], "gold": [number],
        }
        for number, (country, names) in enumerate(NAMES.items())
        for tag, (subject, _) in names.items()
    ]  # fmt: skip
    rows += [
        {
            "dataset": "d", "fact_id": "plain", "language": tag, "stream": "basic",
            "question": f"plain {tag}", "options": ["a", "b"], "gold": [1], "answers": [],
        }
        for tag in NAMES["PL"]
    ]  # fmt: skip
    return rows


def run_page() -> None:
    """A script of Streamlit's: the typing alone, another page, and what was typed as JSON."""
    import json

    import streamlit as st

    from dashboard import queries
    from dashboard.app_pages.live.typing.typing_panel import typed_fact
    from dashboard.choices import url_state

    if st.toggle("elsewhere"):
        return
    typed = typed_fact(queries.version())
    st.code(json.dumps(typed and [typed.title, typed.embedded, typed.fact.model_dump()]), language="json")
    for name in url_state.unknown():
        st.text(f"unknown: {name}")


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(run_page, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    return rerun(app)


def rerun(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def typed(app: AppTest) -> Any:
    return json.loads(app.code[-1].value)


def param(app: AppTest, key: str) -> str:
    """What the page wrote into the URL."""
    value = app.query_params[key]
    return value if isinstance(value, str) else value[0]


def said(app: AppTest) -> str:
    return " ".join([str(element.proto.body) for element in app.get("html")] + [text.value for text in app.text])


def box(app: AppTest, label: str) -> Any:
    return next(box for box in app.selectbox if box.label == label)


def text_box(app: AppTest, label: str) -> Any:
    return next(box for box in app.text_input if box.label == label)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label.startswith(label)).click()
    return rerun(app)


def in_template(app: AppTest, question: str, subject: str, answer: str) -> AppTest:
    for label, text in (("Question", question), ("Subject", subject), ("Right answer", answer)):
        text_box(app, label).set_value(text)
    return rerun(app)
