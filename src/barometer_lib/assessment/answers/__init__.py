"""Three separate answers of a series: level against target, direction, and fast enough."""
