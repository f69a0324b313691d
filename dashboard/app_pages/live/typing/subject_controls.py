"""What is asked, and about whom: a relation of the store and a subject, found by its name in any language."""

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.typing.stored_fact import StoredFact
from dashboard.app_pages.live.typing.subject_entries import entry_left_out, entry_of, gap
from dashboard.choices import url_state
from engine.browse.not_asked import not_asked

_RELATION, _SUBJECT, _NAME = "of", "about", "about-name"


def choose_relation(relations: pd.DataFrame, read: str) -> tuple[str, str]:
    """Draw the control; dataset and relation. `relations`: engine/browse/probe_relations.sql; `read`: a language."""
    # the datasets with the most languages come first
    sizes = relations.groupby("dataset")["language"].nunique()
    ordered = relations.assign(size=relations["dataset"].map(sizes)).sort_values(
        ["size", "dataset", "relation"], ascending=[False, False, True]
    )
    titles: dict[str, str] = {}
    for (dataset, relation), rows in ordered.groupby(["dataset", "relation"], sort=False):
        wording = _wording(rows, read)
        words = [str(relation).replace("_", " "), *([gap(wording)] if wording else [])]
        titles[_joined(str(dataset), str(relation))] = " — ".join(words) + (
            f" ({rows['title'].iloc[0]})" if len(sizes) > 1 else ""
        )
    default = next((key for key in titles if key.endswith(":capital")), next(iter(titles)))
    if url_state.seed(_RELATION, url_state.one_of(list(titles)), default, what="relation") not in titles:
        st.session_state[_RELATION] = default
    chosen: str = st.selectbox(
        "Relation", list(titles), key=_RELATION, format_func=titles.__getitem__, filter_mode="contains"
    )
    url_state.publish(_RELATION, chosen, "" if chosen == default else chosen)
    dataset, _, relation = chosen.partition(":")
    return dataset, relation


def choose_subject(version: str, dataset: str, relation: str, read: str) -> str | None:
    """Draw the control; the id of the fact about the subject. In another relation the same subject stays chosen.

    At the end of the list stand the subjects that are left out, with the reason: their id is that of no fact.
    """
    entries, names = _subjects(version, dataset, relation, read)
    if url_state.seed(_SUBJECT, url_state.one_of(list(entries)), None, what="subject") not in entries:
        same = [fact_id for fact_id, name in names.items() if name == st.session_state.get(_NAME)]
        st.session_state[_SUBJECT] = same[0] if same else None
    fact_id: str | None = st.selectbox(
        "Subject",
        list(entries),
        key=_SUBJECT,
        format_func=entries.__getitem__,
        filter_mode="contains",
        placeholder="Type a name in any language",
        index=None,
    )
    url_state.publish(_SUBJECT, fact_id, fact_id or "")
    st.session_state[_NAME] = names[fact_id] if fact_id else st.session_state.get(_NAME)
    return fact_id


def choose(fact: StoredFact) -> None:
    """Have a fact of the store chosen, as a link to it does; called before the controls are drawn."""
    for key, value in ((_RELATION, _joined(fact.dataset, fact.relation or "")), (_SUBJECT, fact.fact_id)):
        url_state.put(key, value)


@st.cache_data(max_entries=50, show_spinner=False)
def _subjects(version: str, dataset: str, relation: str, read: str) -> tuple[dict[str, str], dict[str, str]]:
    """By each fact's id the subject's entry in the list, and the name that it has whatever language is read."""
    rows = queries.view(version, "probe_subjects", dataset=dataset, relation=relation, read=read)
    entries = {str(row["fact_id"]): entry_of(row) for _, row in rows.iterrows()}
    names = dict(zip(rows["fact_id"], rows["english"].fillna(rows["name"]), strict=True))
    without = {fact_id: left for fact_id, left in not_asked(dataset, relation).items() if fact_id not in entries}
    entries |= {fact_id: entry_left_out(left, read) for fact_id, left in without.items()}
    return entries, names | {fact_id: left.name("en") for fact_id, left in without.items()}


def _wording(rows: pd.DataFrame, read: str) -> str | None:
    """How the relation is asked in the language, else in English."""
    for tag in (read, "en"):
        found = rows.loc[rows["language"] == tag, "wording"].dropna()
        if len(found):
            return str(found.iloc[0])
    return None


def _joined(dataset: str, relation: str) -> str:
    return f"{dataset}:{relation}"
