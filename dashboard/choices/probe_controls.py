"""Ways of asking as they are offered: their names, what they mean, and the wordings that there are."""

import tomllib
from importlib.resources import files

import streamlit as st

from engine.schema import ProbeName

PROBES: dict[ProbeName, str] = {"letter": "Letter", "cloze": "Cloze", "generation": "Generation"}
MEANINGS: dict[ProbeName, str] = {
    "letter": "Letter: the options are listed, and the model's most likely letter is its answer.",
    "cloze": "Cloze: the option that the model finds most likely as the end of the text is its answer.",
    "generation": "Generation: the model writes, and its answer is read from what it wrote.",
}


@st.cache_data(show_spinner=False)
def wording_names(probe: ProbeName) -> tuple[str, ...]:
    """The wordings that come with the project for a probe."""
    stated = (files("engine") / "probes" / "templates" / f"{probe}.toml").read_text(encoding="utf-8")
    return tuple(str(template["name"]) for template in tomllib.loads(stated)["templates"])
