"""Tools for those who work on Leitstand."""
