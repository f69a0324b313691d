"""What began the present run of the page's script. Streamlit knows it and says it in no public way."""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def is_by_hand() -> bool:
    """Whether a control or a timer of this page began it, not a link, the browser's Back or a first visit."""
    run = get_script_run_ctx()
    if run is None or run.is_history_navigation:
        return False
    state = run.session_state._state
    return bool(run.fragment_ids_this_run) or any(map(state._widget_changed, state._new_widget_state))
