"""The shared sidebar: dataset, model, languages by name, family or script."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.choices import url_state
from dashboard.choices.option_labels import dataset_labels, model_labels
from dashboard.choices.selection import Selection, preferred_dataset, preferred_model
from dashboard.elements import figures, prose
from engine.browse.queries import Row
from engine.languages import language

LIVE_TITLE = "Live probes"


def choose() -> Selection | None:
    """Draw the sidebar and give what is chosen; None when the store has no figures."""
    with st.sidebar:
        return _chosen(is_drawn=True)


def remember() -> Selection | None:
    """Keep what was chosen elsewhere, or what a link names, where no sidebar is drawn; the address does not say it."""
    return _chosen(is_drawn=False)


def _chosen(*, is_drawn: bool) -> Selection | None:
    version = queries.version()
    catalogue = queries.view(version, "catalogue")
    labels = dataset_labels(catalogue)
    if queries.has_live():
        labels[queries.LIVE] = LIVE_TITLE
    if not labels:
        return None
    default = queries.LIVE if catalogue.empty else preferred_dataset(catalogue)
    dataset = _choose_dataset(labels, default, is_drawn=is_drawn)
    if dataset == queries.LIVE:  # their store is opened by those who want to see them
        version = queries.live_version()
        catalogue = queries.view(version, "catalogue").assign(title=LIVE_TITLE)
    rows = catalogue[catalogue["dataset"] == dataset]
    if rows.empty:
        return None
    model = _choose_model(rows.set_index("model", drop=False), is_drawn=is_drawn)
    every_language = queries.languages(version, dataset)
    return Selection(
        version=version,
        dataset=dataset,
        model=model,
        languages=_choose_languages(every_language, is_drawn=is_drawn),
        every_language=every_language,
        catalogue=rows[rows["model"] == model].iloc[0],
    )


def _choose_dataset(labels: Mapping[str, str], default: str, *, is_drawn: bool) -> str:
    if url_state.seed("dataset", url_state.one_of(list(labels)), default, what="dataset") not in labels:
        st.session_state["dataset"] = default
    if is_drawn:
        st.selectbox("Dataset", list(labels), format_func=labels.__getitem__, key="dataset", filter_mode="contains")
    dataset: str = st.session_state["dataset"]
    if is_drawn:
        url_state.publish("dataset", dataset, dataset)
    return dataset


def _choose_model(rows: pd.DataFrame, *, is_drawn: bool) -> str:
    models = list(rows["model"])
    # A model's own name stands for the way of asking that finished last, whatever it was called when the link was made.
    labels = rows[rows["is_latest"]].set_index("own_name")["model"].to_dict() | {model: model for model in models}
    default = preferred_model(rows)
    chosen = url_state.seed("model", labels.get, default, what="model")
    if chosen not in models:
        chosen = st.session_state["model"] = labels.get(chosen, default)
    if not is_drawn:
        return chosen
    titles = model_labels(rows[rows["is_latest"]])
    if rows["is_latest"].all():
        by_label = {labels[name]: title for name, title in titles.items()}
        model: str = st.selectbox(
            "Model", list(by_label), format_func=by_label.__getitem__, key="model", filter_mode="contains"
        )
    else:
        model = _choose_way(rows, titles, chosen)
    url_state.publish("model", model, model)
    _describe(rows, model)
    return model


def _describe(rows: pd.DataFrame, model: str) -> None:
    """What is known of the chosen model, in small print."""
    facts = rows.loc[model]
    described = [
        facts["family"],
        None if pd.isna(facts["billion_parameters"]) else figures.parameters(facts["billion_parameters"]),
        facts["training_strategy"],
        f"built on {facts['built_on']}" if pd.notna(facts["built_on"]) else None,
    ]
    has_one_way = (rows["own_name"] == facts["own_name"]).sum() == 1
    if has_one_way and pd.notna(facts["probe"]):
        described += [
            f"asked by {facts['probe']}",
            f"wording {facts['template']}" if pd.notna(facts["template"]) else None,
            f"asked with {facts['harness']}" if pd.notna(facts["harness"]) else None,
        ]
    prose.caption(" · ".join(str(part) for part in described if pd.notna(part)))


def _choose_way(rows: pd.DataFrame, titles: Mapping[str, str], chosen: str) -> str:
    """A model, then the way of asking it: the one that finished last comes first, and with another model."""
    own_name = rows.loc[chosen, "own_name"]
    ways = rows[rows["own_name"] == own_name].sort_values("is_latest", ascending=False, kind="stable")
    way_titles = {str(way["model"]): _way_title(way) for _, way in ways.iterrows()}
    latest = rows[rows["is_latest"]].set_index("own_name")["model"]
    st.session_state["model_name"], st.session_state["model_way"] = own_name, chosen

    def other_model() -> None:
        st.session_state["model"] = latest[st.session_state["model_name"]]

    def other_way() -> None:
        st.session_state["model"] = st.session_state["model_way"]

    st.selectbox(
        "Model",
        list(titles),
        format_func=titles.__getitem__,
        key="model_name",
        on_change=other_model,
        filter_mode="contains",
    )
    if len(way_titles) > 1:
        st.selectbox("Asked by", way_titles, format_func=way_titles.__getitem__, key="model_way", on_change=other_way)
    return chosen


def _way_title(way: Row) -> str:
    """How a model was asked, as far as it is known; the harness is named where that alone tells it from another way."""
    harness: list[str] = [str(way["harness"])] if pd.notna(way["harness"]) else []
    if pd.isna(way["probe"]) and pd.isna(way["template"]):
        title = "imported" if way["source"] == "results" else "published counts"
        return " · ".join([title, *(harness if way["model"] != way["own_name"] else [])])
    probe = way["probe"] if pd.notna(way["probe"]) else "probe not known"
    return " · ".join([probe, way["template"] if pd.notna(way["template"]) else "wording not known", *harness])


def _choose_languages(every: Sequence[str], *, is_drawn: bool) -> tuple[str, ...]:
    chosen = url_state.seed("languages", url_state.some_of(every), list(every), what="languages")
    before = st.session_state.get("languages-offered", every)
    if before != every and set(before) <= set(chosen):  # all were chosen in the dataset before: choose all of this one
        chosen = list(every)
    st.session_state["languages-offered"] = every
    st.session_state["languages"] = [tag for tag in chosen if tag in every]
    if is_drawn:
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
    if is_drawn:
        text = "" if len(languages) in (0, len(every)) else ",".join(languages)
        url_state.publish("languages", list(languages), text)
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
