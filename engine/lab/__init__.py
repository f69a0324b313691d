"""The lab: small language models, trained here; for every fact it is known in which languages they were taught it."""
