"""The map: where everything is, how it stands, how loaded every link is. Draws snapshots only."""
