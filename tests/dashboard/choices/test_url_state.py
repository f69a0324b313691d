"""What is chosen and what stands in the URL, through Streamlit's own test runner."""

import pytest
from streamlit.testing.v1 import AppTest


def app() -> None:
    import streamlit as st

    from dashboard.choices import url_state

    options = ["a", "b", "c"]
    url_state.seed("letter", url_state.one_of(options), "a", what="letter")
    letter = st.selectbox("Letter", options, key="letter")
    url_state.publish("letter", letter, "" if letter == "a" else letter)
    url_state.seed("page", url_state.number(1, 9), 1, what="page")
    url_state.publish("page", st.session_state["page"], str(st.session_state["page"]))
    url_state.seed("tags", url_state.some_of(["en", "de"]), ["en"], what="languages")
    st.text(f"{letter} {st.session_state['page']} {st.session_state['tags']}")
    for name in url_state.unknown():
        st.text(f"unknown: {name}")


def shown(test: AppTest) -> list[str]:
    return [element.value for element in test.text]


def opened(**query: str) -> AppTest:
    test = AppTest.from_function(app)
    for key, value in query.items():
        test.query_params[key] = value
    return test.run()


def test_a_link_opens_what_it_names() -> None:
    assert shown(opened(letter="b", page="3", tags="de,en")) == ["b 3 ['de', 'en']"]


def test_without_a_link_the_defaults_hold_and_stay_out_of_the_url() -> None:
    test = opened()
    assert shown(test) == ["a 1 ['en']"]
    assert "letter" not in test.query_params


def test_a_name_that_means_nothing_is_said_and_the_rest_is_kept() -> None:
    test = opened(letter="z", page="2", tags="en,xx")
    assert shown(test) == ["a 2 ['en']", "unknown: letter “z”", "unknown: languages “en,xx”"]
    assert shown(test.run()) == ["a 2 ['en']"]  # said once


def test_a_choice_goes_into_the_url_and_survives_a_rerun() -> None:
    test = opened(letter="b")
    test.selectbox[0].select("c").run()
    assert "".join(test.query_params["letter"]) == "c"
    assert shown(test.run()) == ["c 1 ['en']"]


def test_a_url_that_changes_wins_over_the_widget() -> None:
    test = opened(letter="b")
    test.query_params["letter"] = "c"
    assert shown(test.run()) == ["c 1 ['en']"]


def test_numbers_outside_their_bounds_are_unknown() -> None:
    for text in ("0", "10", "-1", "1.5", "x"):
        assert shown(opened(page=text))[-1] == f"unknown: page “{text}”"


def two() -> None:
    import streamlit as st

    from dashboard.choices.controls import dropdown, switch

    letters = {name: name.upper() for name in ("a", "b", "c")}
    first = dropdown("first", "First", letters, default="a", width=100)
    second = dropdown("second", "Second", letters, default="a", width=100)
    st.text(f"{first} {second} {switch('third', 'Third', help='x')}")


def in_url(test: AppTest) -> dict[str, str]:
    return {key: "".join(test.query_params[key]) for key in ("first", "second", "third") if key in test.query_params}


@pytest.mark.parametrize("first", ["b", "a"])  # to another choice, and back to the default
def test_of_quick_choices_all_hold(first: str) -> None:
    """A run asked for before the browser heard of the one before brings the address of that time with it."""
    test = AppTest.from_function(two)
    test.query_params["first"] = "c"
    test.run()
    test.selectbox[0].select(first).run()
    test.query_params["first"] = "c"  # as it was
    test.selectbox[1].select("b").run()
    test.query_params["first"] = "c"
    del test.query_params["second"]
    test.toggle[0].set_value(True).run()
    assert shown(test) == [f"{first} b True"]
    expected = {"first": first, "second": "b", "third": "on"}
    assert in_url(test) == {key: text for key, text in expected.items() if text != "a"}  # a default stays out of it


def test_a_link_to_what_was_chosen_before_is_followed() -> None:
    test = AppTest.from_function(two)
    test.query_params["first"] = "c"
    test.run()
    test.selectbox[0].select("b").run()
    test.query_params["first"] = "c"
    assert shown(test.run()) == ["c a False"]
