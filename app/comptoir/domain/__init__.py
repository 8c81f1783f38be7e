"""What a restaurant knows and decides: pure values and folds, no I/O and no clock."""
