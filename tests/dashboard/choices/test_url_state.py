"""What is chosen and what stands in the URL, through Streamlit's own test runner."""

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
