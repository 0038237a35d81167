"""Measurements: ours and the bare alternative in one run, printed as ratios."""
