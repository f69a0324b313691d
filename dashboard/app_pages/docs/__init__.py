"""The Docs page and its parts."""
