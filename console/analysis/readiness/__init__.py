"""Whether a conference will work, what a failure would do, and what to do about it. Pure."""
