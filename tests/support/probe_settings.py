"""Ways of asking whose settings are the catalogue's, so that no type names them."""

from engine.live.protocol.settings import ProbeSettings


def probe_settings(probe: str = "letter", **settings: object) -> ProbeSettings:
    """The settings of a live probe, as a page submits them."""
    return ProbeSettings.model_validate({"probe": probe, **settings})
