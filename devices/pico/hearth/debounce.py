# A contact that bounces for some milliseconds changes once.
STABLE_READS = 3


class Debounce:
    def __init__(self, value):
        self.value = value
        self._other = 0

    def read(self, value):
        """Takes the next raw value; True when the settled value has changed."""
        if value == self.value:
            self._other = 0
            return False
        self._other += 1
        if self._other < STABLE_READS:
            return False
        self.value = value
        self._other = 0
        return True
