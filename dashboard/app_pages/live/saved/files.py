"""Kept probes as files: one row per model, way of asking and language, as CSV, JSON lines and Parquet."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.app_pages.live.answers.answer_sheet import probability
from dashboard.elements.table_files import to_csv, to_parquet

_TYPES = {
    "CSV": "text/csv",
    "JSONL": "application/jsonl",
    "Parquet": "application/vnd.apache.parquet",
}


def probe_downloads(probes: Callable[[], Sequence[dict[str, Any]]], *, key: str) -> None:
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


def _file(make: Callable[[pd.DataFrame], bytes], probes: Callable[[], Sequence[dict[str, Any]]]) -> bytes:
    return make(probe_rows(probes()))


def probe_rows(probes: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """All that is known of each answer. `probes`: as engine/live/saved/reading.py reads them."""
    return pd.DataFrame([_row(probe, tag, answer) for probe in probes for tag, answer in _languages(probe)])


def to_jsonl(frame: pd.DataFrame) -> bytes:
    """A line of JSON per row; missing values are null."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(errors="backslashreplace")


def _languages(probe: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(probe["probe_json"]["languages"].items())


def _row(probe: dict[str, Any], tag: str, answer: dict[str, Any]) -> dict[str, Any]:
    fact = probe["fact"]
    texts = fact["texts"][tag]
    options = answer.get("options") or []
    return {
        "kept": probe["kept"],
        "name": probe["name"],
        "model": probe["model"],
        "probe": probe["probe"],
        "template": probe["template"],
        "finished": probe["finished"],
        "fact_id": probe["fact_id"],
        "relation": fact.get("relation"),
        "language": tag,
        "subject": texts.get("subject"),
        "question": texts["question"],
        "options": [option["text"] for option in options],
        "gold": list(fact.get("gold") or ()),
        "answers": list(texts.get("answers") or ()),
        "predicted": answer.get("predicted"),
        "correct": answer.get("correct"),
        "logprobs": [option["logprob"] for option in options],
        "probabilities": [option["probability"] for option in options],
        "probability": probability(answer),
        "margin": answer.get("margin"),
        "text": answer.get("text"),
        "error": answer.get("error"),
    }
