"""Language models: loaded exactly from files on this machine, and asked fast."""

import os

# Read by the hub's library when it is first imported. Nothing about the user or the models is ever sent.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
