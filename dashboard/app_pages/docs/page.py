"""Docs: the project's own documents, to be read where they are needed."""

import streamlit as st

from dashboard.app_pages.docs.documents import DOCUMENTS, text_of
from dashboard.choices.controls import dropdown
from dashboard.elements import prose

document = DOCUMENTS[
    dropdown("doc", "Document", {name: one.title for name, one in DOCUMENTS.items()}, default="readme", width=320)
]
text = text_of(document)
if text is None:
    st.title(document.title)
    prose.say(f"{document.path} is not here. It comes with the project.")
elif document.is_markdown:
    st.markdown(text)
else:
    st.title(document.title)
    st.code(text, language=None)
