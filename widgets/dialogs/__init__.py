"""Windows that open on request: settings, export, help. Each is imported when it is opened."""
