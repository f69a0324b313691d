"""How fast Isogloss is, and how much memory it needs: `make bench`. Figures to read, no tests."""
