"""The collector process: schedule, cycles, heartbeat; the one writer of the history."""
