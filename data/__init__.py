"""The demo inventory and reference data that a person may read or edit."""
