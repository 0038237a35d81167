"""What a local programme changed, and what cannot be said of it.

`panel` a table of units by periods; `regression` least squares with robust errors; `segmented` one
series before and after; `compared` differences in differences and the event study; `synthetic`
synthetic control and synthetic differences in differences; `chance` permutation over all sets of
districts; `regressing` regression to the mean and the smallest effect that could be seen;
`evaluating` all of it for one programme, with its verdict. Tables and numbers in, numbers out.
"""

from barometer_lib.evaluation.evaluating import Evaluation, evaluate
from barometer_lib.evaluation.panel import Panel, panel_of

__all__ = ["Evaluation", "Panel", "evaluate", "panel_of"]
