"""Whether a conference will work, told to people who are no engineers."""
