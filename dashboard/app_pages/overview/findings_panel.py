"""The part of the Overview that says what to look at: on the chosen dataset, and one thing on another."""

import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.overview import findings
from dashboard.app_pages.overview.findings import Finding
from dashboard.choices.selection import PREFERRED, Selection
from dashboard.elements import prose

_HELP = "A change is told where its 95 % interval, in that language alone, leaves out 0."
_MOST = 3  # of the models that differ from their base


def what_to_look_at(selection: Selection, *, models: tuple[str, ...]) -> None:
    """Draw it; nothing where nothing stands out. `models`: the labels that count on the chosen dataset."""
    found = [*_on(selection, selection.dataset, models, most=_MOST), *_elsewhere(selection)]
    if not found:
        return
    st.subheader("What to look at", help=_HELP)
    with st.container(gap="xsmall"):
        for finding in found:
            text, link = st.columns([5, 1], vertical_alignment="center")
            with text:
                prose.sentence(finding.sentence)
            with link:
                page_registry.link(finding.page, f"{finding.label} →", dict(finding.query))


def _on(selection: Selection, dataset: str, models: tuple[str, ...], *, most: int) -> list[Finding]:
    chosen = {"dataset": dataset, "models": models, "languages": selection.languages}
    changed = queries.view(selection.version, "built_on_changes", **chosen)
    crossed = queries.view(selection.version, "calibration_models", **chosen, strings="all")
    return [
        *findings.changes(changed, dataset=dataset, names=selection.names, most=most),
        *findings.calibration(crossed, dataset=dataset),
    ]


def _elsewhere(selection: Selection) -> list[Finding]:
    """What stands out most on the datasets of models whose exposure is known; on another one where that is chosen."""
    catalogue = queries.view(selection.version, "catalogue")
    known = set(queries.view(selection.version, "calibration_ways")["dataset"])
    others = [name for name in dict.fromkeys(catalogue["dataset"]) if name != selection.dataset]
    for dataset in sorted(others, key=lambda name: (name not in known, name not in PREFERRED)):
        rows = catalogue[(catalogue["dataset"] == dataset) & catalogue["is_latest"]]
        if on_it := _on(selection, dataset, tuple(rows["model"]), most=1):
            title = str(rows["title"].iloc[0])
            return [
                Finding(f"{title}: {one.sentence}", one.page, one.label, {"dataset": dataset, **one.query})
                for one in on_it
            ]
    return []
