"""Pure functions over model values. No clock, no database, no network."""
