"""How rooms and bridges are asked: one module a kind of system, one row of `table` each."""
