"""Saved probes as files: one row per model, way of asking and language, as CSV, JSON lines and Parquet."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.elements.table_files import to_csv, to_parquet
from engine.live.protocol.messages import LanguageAnswer, SavedProbe

_TYPES = {
    "CSV": "text/csv",
    "JSONL": "application/jsonl",
    "Parquet": "application/vnd.apache.parquet",
}


def probe_downloads(probes: Callable[[], Sequence[SavedProbe]], *, key: str) -> None:
    """A menu with the files; they are made when one is asked for."""
    makers: dict[str, Callable[[pd.DataFrame], bytes]] = {"CSV": to_csv, "JSONL": to_jsonl, "Parquet": to_parquet}
    with st.popover("Download", width="content"):
        for kind, make in makers.items():
            st.download_button(
                kind,
                partial(_file, make, probes),
                file_name=f"isogloss-live.{kind.lower()}",
                mime=_TYPES[kind],
                key=f"live-download-{key}-{kind}",
                on_click="ignore",
                width="stretch",
            )


def _file(make: Callable[[pd.DataFrame], bytes], probes: Callable[[], Sequence[SavedProbe]]) -> bytes:
    return make(probe_rows(probes()))


def probe_rows(probes: Sequence[SavedProbe]) -> pd.DataFrame:
    """All that is known of each answer, a row each. The column `kept` holds the id that a link names."""
    return pd.DataFrame([_row(probe, tag, answer) for probe in probes for tag, answer in probe.languages.items()])


def to_jsonl(frame: pd.DataFrame) -> bytes:
    """A line of JSON per row; missing values are null."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(errors="backslashreplace")


def _row(probe: SavedProbe, tag: str, answer: LanguageAnswer) -> dict[str, Any]:
    summary, fact = probe.summary, probe.fact
    texts = fact.texts[tag]
    return {
        "kept": summary.saved_id,
        "name": summary.name,
        "model": summary.model,
        "probe": summary.probe,
        "template": summary.template,
        "finished": summary.finished,
        "fact_id": summary.fact_id,
        "relation": fact.relation,
        "language": tag,
        "subject": texts.subject,
        "question": texts.question,
        "options": [option.text for option in answer.options],
        "gold": list(fact.gold),
        "answers": list(texts.answers),
        "predicted": answer.predicted,
        "correct": answer.correct,
        "logprobs": [option.logprob for option in answer.options],
        "probabilities": [option.probability for option in answer.options],
        "probability": answer.probability,
        "margin": answer.margin,
        "text": answer.text,
        "error": answer.error,
    }
