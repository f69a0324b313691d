"""The release of single answers behind published counts: what to do where it is not here, and its import."""
