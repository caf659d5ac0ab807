# The sensors that a board may carry. Each says what it measures (`metrics`: name to unit), looks often, measures when asked.
import machine

from hearth.debounce import Debounce

CLIMATE_LIMITS = {"temperature": (-40, 80), "humidity": (0, 100)}


class Contact:
    """A reed switch or another switch to ground with the pin's own pull-up."""

    def __init__(self, metric, pin, active_high):
        self.metrics = {metric: ""}
        self._metric = metric
        self._active_high = active_high
        pull = machine.Pin.PULL_DOWN if active_high and metric == "motion" else machine.Pin.PULL_UP
        self._pin = machine.Pin(pin, machine.Pin.IN, pull)
        self._settled = Debounce(self._raw())

    def _raw(self):
        return (self._pin.value() == 1) == self._active_high

    def look(self):
        return self._settled.read(self._raw())

    def measure(self):
        return {self._metric: self._settled.value}


class Dht22:
    """Temperature and humidity. Some reads fail; the median of three keeps a single wild one out."""

    metrics = {"temperature": "°C", "humidity": "%"}

    def __init__(self, pin):
        import dht

        self._sensor = dht.DHT22(machine.Pin(pin))
        self._recent = {"temperature": [], "humidity": []}

    def look(self):
        return False

    def measure(self):
        try:
            self._sensor.measure()
            self._keep("temperature", self._sensor.temperature())
            self._keep("humidity", self._sensor.humidity())
        except OSError:
            return {}
        return {name: sorted(values)[len(values) // 2] for name, values in self._recent.items() if values}

    def _keep(self, name, value):
        low, high = CLIMATE_LIMITS[name]
        if low <= value <= high:
            self._recent[name] = (self._recent[name] + [value])[-3:]


def sensor_for(kind, pin):
    if kind == "contact":
        return Contact("contact", pin, True)  # open: pulled up
    if kind == "motion":
        return Contact("motion", pin, True)  # a PIR drives its line high
    if kind == "leak":
        return Contact("leak", pin, False)  # water pulls the line to ground
    return Dht22(pin)
