# How long to wait before the next try: 1, 2, 4 ... 60 s, each strayed by up to 30 %, so that a whole house does
# not come back in the same instant after a power failure.
FIRST_MS = 1000
LONGEST_MS = 60000
JITTER_PERCENT = 30


class BackOff:
    def __init__(self, random_below):
        """random_below(n) answers a whole number from 0 to n - 1."""
        self._random_below = random_below
        self._next_ms = FIRST_MS

    def next_ms(self):
        wait = self._next_ms
        self._next_ms = min(LONGEST_MS, wait * 2)
        stray = self._random_below(2 * JITTER_PERCENT + 1) - JITTER_PERCENT
        return wait + wait * stray // 100

    def reset(self):
        self._next_ms = FIRST_MS
