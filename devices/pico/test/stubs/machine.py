# The `machine` of a Pico W, as far as Hearth uses it, for a program that runs on a desk: pins are files in `pins/`.
import sys
import time


class Pin:
    IN, OUT, PULL_UP, PULL_DOWN = 0, 1, 2, 3

    def __init__(self, name, mode=IN, pull=None):
        self._name = name
        self._level = 0

    def value(self):
        try:
            with open("pins/%s" % self._name) as file:
                return int(file.read().strip() or "0")
        except OSError:
            return self._level

    def toggle(self):
        self._level ^= 1
        print("lamp %d" % self._level)

    def off(self):
        self._level = 0


class RTC:
    def datetime(self, moment):
        print("rtc %04d-%02d-%02d" % moment[:3])


class WDT:
    def __init__(self, timeout):
        assert timeout <= 8388

    def feed(self):
        pass


def lightsleep(ms):
    time.sleep_ms(ms)


def reset():
    sys.exit(3)
