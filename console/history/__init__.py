"""The history and notes files: the only SQL in the program."""
