"""Walks a network along its neighbours and writes an inventory. Knows no history."""
