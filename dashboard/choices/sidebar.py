"""The shared sidebar: dataset, model, languages by name, family or script."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.choices import url_state
from dashboard.choices.selection import PREFERRED_DATASET, PREFERRED_MODELS, Selection
from dashboard.elements import prose
from engine.browse.queries import Row
from engine.languages import language

LIVE_TITLE = "Live probes"


def choose() -> Selection | None:
    """Draw the sidebar and give what is chosen; None when the store has no figures."""
    version = queries.version()
    catalogue = queries.view(version, "catalogue")
    titles = dict(zip(catalogue["dataset"], catalogue["title"], strict=True))
    if queries.has_live():
        titles[queries.LIVE] = LIVE_TITLE
    if not titles:
        return None
    with st.sidebar:
        dataset = _choose_dataset(titles)
        if dataset == queries.LIVE:  # their store is opened by those who want to see them
            version = queries.live_version()
            catalogue = queries.view(version, "catalogue").assign(title=LIVE_TITLE)
        rows = catalogue[catalogue["dataset"] == dataset].set_index("model", drop=False)
        if rows.empty:
            return None
        model = _choose_model(rows)
        every_language = queries.languages(version, dataset)
        languages = _choose_languages(every_language)
    return Selection(
        version=version,
        dataset=dataset,
        model=model,
        languages=languages,
        every_language=every_language,
        catalogue=rows[rows["model"] == model].iloc[0],
    )


def _choose_dataset(titles: dict[str, str]) -> str:
    default = PREFERRED_DATASET if PREFERRED_DATASET in titles else next(iter(titles))
    if url_state.seed("dataset", url_state.one_of(list(titles)), default, what="dataset") not in titles:
        st.session_state["dataset"] = default
    dataset: str = st.selectbox("Dataset", list(titles), format_func=titles.__getitem__, key="dataset")
    url_state.publish("dataset", dataset, dataset)
    return dataset


def _choose_model(rows: pd.DataFrame) -> str:
    models = list(rows["model"])
    # A model's own name stands for the way of asking that finished last, whatever it was called when the link was made.
    labels = rows[rows["is_latest"]].set_index("own_name")["model"].to_dict() | {model: model for model in models}
    default = next((labels[name] for name in PREFERRED_MODELS if name in labels), models[0])
    chosen = url_state.seed("model", labels.get, default, what="model")
    if chosen not in models:
        chosen = st.session_state["model"] = labels.get(chosen, default)
    if rows["is_latest"].all():
        model: str = st.selectbox("Model", models, key="model")
    else:
        model = _choose_way(rows, chosen if chosen in models else labels.get(chosen, default))
    url_state.publish("model", model, model)
    facts = rows.loc[model]
    described = [
        facts["family"],
        f"{facts['billion_parameters']:g}B" if pd.notna(facts["billion_parameters"]) else None,
    ]
    described += [facts["training_strategy"], f"built on {facts['built_on']}" if pd.notna(facts["built_on"]) else None]
    has_one_way = (rows["own_name"] == facts["own_name"]).sum() == 1
    if has_one_way and pd.notna(facts["probe"]):
        described += [
            f"asked by {facts['probe']}",
            f"wording {facts['template']}" if pd.notna(facts["template"]) else None,
            f"asked with {facts['harness']}" if pd.notna(facts["harness"]) else None,
        ]
    prose.caption(" · ".join(str(part) for part in described if pd.notna(part)))
    return model


def _choose_way(rows: pd.DataFrame, chosen: str) -> str:
    """A model, then the way of asking it: the one that finished last comes first, and with another model."""
    own_names = list(dict.fromkeys(rows["own_name"]))
    own_name = rows.loc[chosen, "own_name"]
    ways = rows[rows["own_name"] == own_name].sort_values("is_latest", ascending=False, kind="stable")
    titles = {str(way["model"]): _way_title(way) for _, way in ways.iterrows()}
    latest = rows[rows["is_latest"]].set_index("own_name")["model"]
    st.session_state["model_name"], st.session_state["model_way"] = own_name, chosen

    def other_model() -> None:
        st.session_state["model"] = latest[st.session_state["model_name"]]

    def other_way() -> None:
        st.session_state["model"] = st.session_state["model_way"]

    st.selectbox("Model", own_names, key="model_name", on_change=other_model)
    if len(titles) > 1:
        st.selectbox("Asked by", titles, format_func=titles.__getitem__, key="model_way", on_change=other_way)
    return chosen


def _way_title(way: Row) -> str:
    """How a model was asked, as far as it is known; the harness is named where that alone tells it from another way."""
    harness: list[str] = [str(way["harness"])] if pd.notna(way["harness"]) else []
    if pd.isna(way["probe"]) and pd.isna(way["template"]):
        title = "imported" if way["source"] == "results" else "published counts"
        return " · ".join([title, *(harness if way["model"] != way["own_name"] else [])])
    probe = way["probe"] if pd.notna(way["probe"]) else "probe not known"
    return " · ".join([probe, way["template"] if pd.notna(way["template"]) else "wording not known", *harness])


def _choose_languages(every: Sequence[str]) -> tuple[str, ...]:
    chosen = url_state.seed("languages", url_state.some_of(every), list(every), what="languages")
    before = st.session_state.get("languages-offered", every)
    if before != every and set(before) <= set(chosen):  # all were chosen in the dataset before: choose all of this one
        chosen = list(every)
    st.session_state["languages-offered"] = every
    st.session_state["languages"] = [tag for tag in chosen if tag in every]
    chosen = st.multiselect(
        "Languages",
        every,
        key="languages",
        format_func=_label,
        placeholder="At least two",
        help="Type a name to search.",
    )
    with st.expander("Choose by family or script"):
        _choose_by("family", "Family", every)
        _choose_by("script_name", "Script", every)
        st.button("All languages", on_click=_set_languages, args=(list(every),), width="stretch")
    languages = tuple(tag for tag in every if tag in chosen)
    url_state.publish("languages", list(languages), "" if len(languages) in (0, len(every)) else ",".join(languages))
    return languages


def _choose_by(attribute: str, label: str, every: Sequence[str]) -> None:
    """Pills that replace the chosen languages by those of a family or script."""
    kinds = list(dict.fromkeys(str(getattr(language(tag), attribute)) for tag in every))

    def apply() -> None:
        wanted = st.session_state[f"by-{attribute}"]
        if wanted:
            _set_languages([tag for tag in every if getattr(language(tag), attribute) in wanted])

    st.pills(label, kinds, selection_mode="multi", key=f"by-{attribute}", on_change=apply)


def _set_languages(tags: list[str]) -> None:
    st.session_state["languages"] = tags


def _label(tag: str) -> str:
    """The language in itself and in English, so that typing either finds it."""
    known = language(tag)
    return known.name if known.autonym == known.name else f"{known.autonym} · {known.name}"
