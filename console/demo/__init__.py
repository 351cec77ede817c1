"""The simulated county network: agents, traffic, incidents, and its past."""
