"""What the command line does; main.py only names the commands."""
