"""Every threshold by which a log is judged, with its reason; none was set by what a real log holds after its split."""

LEVEL = 0.001
"""Of each test, before it is shared among what it looks at: with a dozen tests, one sound log in eighty is accused."""

DRAWS = 1999  # of a null that is simulated; the least p that they can show is half the level
SEED = 25  # of these draws: the same log has the same findings

PERIOD_CASES = 30  # cases without which a period is not measured
INNER_ORIGINS = 5  # rolling origins inside the first part, each followed by a period of its own
LEARN = PERIOD_CASES * INNER_ORIGINS  # cases without which nothing can be learned and tried before the split
FIRST_PART = 0.7  # share of the fair span that comes before the split

DENSE, FAR = 0.005, 5.0
"""A log is dense between these quantiles of all its times, and beyond them up to the first gap this many times as wide
as any within. Of n times at random a gap of twice the largest has a chance of about 1 ÷ n² each; five times, for the
last cases of a sound log come ever more seldom."""

WIDER = 2.0  # ratio to the widest gap between arrivals from which on they have stopped

TOO_FEW = 0.5
"""Ratio of observed to expected below which a deficit counts: a cut leaves nearly none, while offices that become twice
as fast, at constant hazards, still leave three quarters of the expected young open cases."""

SHAPE = 0.01
"""Level of the deficit against the cases that arrived, which has to come with one at `LEVEL` against those that usually
do. It alone guards a sound log whose arrivals collapse."""

HARDLY_ANY = 0.1  # the same for ends before the first day of a cut, of which a cut leaves none but errors
STRAY_ENDS = (0.0, 0.005, 0.01, 0.02)  # shares of ends that may precede a cut by closing date, each tried
TYPICAL, LASTING = 0.5, 0.9  # quantiles of durations: what is usual, and what nearly all cases have behind them
YOUNG = (TYPICAL, 0.75, LASTING)  # each tried as the age up to which open cases are counted

RAMP_SIDE, QUIET = 0.2, 0.1
"""A ramp lies within this share of the span at either end; it is below `TOO_FEW` of the quietest tenth of periods
between, so seasons are no ramps."""

FILLED, MOST_FILLING = 0.75, 0.1
"""A log of cases by arrival begins without the cases open then. Its stock counts as filled after the days in which this
share of cases closes, but at most this share of the span is given up for it."""

UNLIKE = 0.2  # total variation between two mixes of activities below which their difference does not matter
JUMP = 1.25  # ratio of events a case and month that is a break; workload moves by some percent
SIDE = 6  # periods on either side of a break that are compared
MATERIAL = 0.05  # share of the work below which what appears or disappears does not matter
RARE = MATERIAL / 50.0  # share of all events below which a code could be material only in the last fiftieth of a log
CHANGED_HANDS = 0.25  # share of the work that stops, and that begins, in a reorganisation

BUSIEST, BATCHED, CROWDED = 10, 0.1, 3.0
"""Days; the share of ends on them that matters, and its ratio to what days of the week and months explain."""
MANY_BATCHED = 0.25  # share of ends on the busiest days beyond which closing days say little about work

AUTOMATIC, STANDS_OUT, NEAR = 0.1, 5.0, 7
"""Share of closings at one fixed lag after the last work that matters, its ratio to the median of the lags around, and
how many days around are looked at on either side."""

LABEL = 0.5
"""Share of the uncertainty about the unit that its activity removes, beyond chance, from which on the unit is a label:
the activity tells more of it than all else together."""

OLD = 0.95  # quantile of durations of closed cases beyond which an open case is old
UNCLOSED, MANY_UNCLOSED = 0.1, 0.2
"""Share of old cases without closing that is told, twice what remains by the quantile, and that is severe."""
AFTERWARDS = 0.1  # share of closed cases with events more than a day after their closing that is told

UNIT_EVENTS, SMALL_UNITS = 30, 0.2  # events without which a unit is thin; share of the work in such units that is told
