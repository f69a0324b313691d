"""The keys of the pages' addresses: one control each, and what a key was called before is still understood."""

import ast
from collections import Counter

from streamlit.testing.v1 import AppTest

from dashboard.page_registry import PAGES
from engine.former_names import former_keys
from engine.locations import PROJECT

DASHBOARD = PROJECT / "dashboard"
# Drawn at several places on purpose: what is chosen on one page is chosen on the other.
SHARED = {"strings"}
_DRAWN_BY = {"seed", "segmented", "dropdown"}


def keys(code: str) -> list[str]:
    """The keys of the controls that a module draws; a key made of parts is its own page's by its first part."""
    tree = ast.parse(code)
    constants: dict[str, object] = {}
    for statement in tree.body:
        if not isinstance(statement, ast.Assign):
            continue
        for target in statement.targets:
            pairs = [(target, statement.value)]
            if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
                pairs = list(zip(target.elts, statement.value.elts, strict=True))
            for name, text in pairs:
                if isinstance(text, ast.Constant):
                    assert isinstance(name, ast.Name)
                    constants[name.id] = text.value
    found: list[object] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        key = node.args[0]
        if called in _DRAWN_BY and isinstance(key, ast.Constant | ast.Name):
            found.append(key.value if isinstance(key, ast.Constant) else constants.get(key.id, ""))
    return [str(key) for key in found if key]


def test_no_two_controls_share_a_key() -> None:
    drawn = Counter(key for path in DASHBOARD.rglob("*.py") for key in keys(path.read_text(encoding="utf-8")))
    assert {"dataset", "entry", "calibration_asked_by", "about", "cell"} <= set(drawn)
    assert {key for key, n in drawn.items() if n > 1} == SHARED


def test_a_shared_key_would_be_noticed() -> None:
    planted = 'KEY = "way"\nsegmented(KEY, "Way in", WAYS)\nurl.seed("way", parse, None)\n'
    assert keys(planted) == ["way", "way"]


def test_former_keys_are_nobody_elses() -> None:
    now = {key for path in DASHBOARD.rglob("*.py") for key in keys(path.read_text(encoding="utf-8"))}
    assert any(former_keys(page.name) for page in PAGES)
    for page in PAGES:
        assert not set(former_keys(page.name)) & now
        assert set(former_keys(page.name).values()) <= now


def two_pages() -> None:
    import streamlit as st

    from dashboard.choices import url_state

    page = st.radio("Page", ["live", "calibration"])
    key, options = ("entry", ["relation", "table"]) if page == "live" else ("calibration_asked_by", ["bare", "plain"])
    url_state.rename({"way": key})
    url_state.seed(key, url_state.one_of(options), options[0])
    chosen = st.selectbox(key, options, key=key)
    url_state.publish(key, chosen, "" if chosen == options[0] else chosen)
    st.text(chosen)


def test_what_is_chosen_on_a_page_is_still_chosen_after_a_visit_of_another() -> None:
    app = AppTest.from_function(two_pages).run()
    app.selectbox[0].select("table").run()
    app.radio[0].set_value("calibration").run()
    app.selectbox[0].select("plain").run()
    app.radio[0].set_value("live").run()
    assert app.text[0].value == "table"
    app.radio[0].set_value("calibration").run()
    assert app.text[0].value == "plain"


def test_a_key_of_a_former_link_opens_what_it_named() -> None:
    app = AppTest.from_function(two_pages)
    app.query_params["way"] = "table"
    app.run()
    assert app.text[0].value == "table"
    assert "way" not in app.query_params
    assert app.query_params["entry"] in ("table", ["table"])
