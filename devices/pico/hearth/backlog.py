# Readings that wait to be sent: a ring of bounded size. When it is full the oldest goes and is counted.
# An entry is a string, not a dict: five hundred dicts would fill the heap of a Pico.
import json


def fragment(metrics, sequence):
    """The inside of a telemetry object, without its time."""
    text = json.dumps(metrics)[1:-1]
    separator = "," if text else ""
    return '%s%s"seq":%d' % (text, separator, sequence)


class Backlog:
    def __init__(self, capacity):
        self._slots = [None] * capacity
        self._first = 0
        self._count = 0
        self.dropped = 0

    def __len__(self):
        return self._count

    def add(self, monotonic_ms, text):
        capacity = len(self._slots)
        if self._count == capacity:
            self._first = (self._first + 1) % capacity
            self._count -= 1
            self.dropped += 1
        self._slots[(self._first + self._count) % capacity] = (monotonic_ms, text)
        self._count += 1

    def oldest(self, most):
        """Up to `most` entries, the oldest first; they stay until `remove`."""
        capacity = len(self._slots)
        return [self._slots[(self._first + i) % capacity] for i in range(min(most, self._count))]

    def newest(self):
        return self._slots[(self._first + self._count - 1) % len(self._slots)]

    def remove_newest(self, entry):
        """Takes off the entry that `newest` answered, unless a newer one has come."""
        if self._count and self.newest() is entry:
            self._count -= 1
            self._slots[(self._first + self._count) % len(self._slots)] = None

    def remove(self, entries):
        """Takes off the entries that `oldest` answered. Some may have been pushed out meanwhile."""
        for entry in entries:
            if self._count and self._slots[self._first] is entry:
                self._slots[self._first] = None
                self._first = (self._first + 1) % len(self._slots)
                self._count -= 1


def encode(entries, epoch_offset_ms):
    """Payload of one telemetry message: an object, or an array as a backfill."""
    objects = ['{%s,"ts":%d}' % (text, at + epoch_offset_ms) for at, text in entries]
    return objects[0] if len(objects) == 1 else "[" + ",".join(objects) + "]"


def encode_now(entry):
    """Payload of a reading made just now while the time of day is unknown: the server stamps it."""
    return "{%s}" % entry[1]
