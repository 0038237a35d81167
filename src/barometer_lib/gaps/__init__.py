"""Differences between groups and between districts, each with what it is compared with.

`between` the gap of two shares, absolute and relative, and its change; `benchmark` better, similar
or worse than a comparison; `funnel` limits by size; `quantiles` percentiles and groups of areas;
`decomposition` composition or rate; `inequality` over many areas, `slope` along an order;
`segregation` where people live. Tables and numbers in, numbers out.
"""
