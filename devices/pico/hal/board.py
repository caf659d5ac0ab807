# Everything of a Pico W that is not plain Python: radio, pins, sensor, lamp, clock, watchdog.
# The host's tests put stubs of `machine`, `network` and `rp2` in front; this file is the same there.
import asyncio
import os
import time

import machine
import network

from hal.sensors import sensor_for

JOIN_SECONDS = 20
# The most that the RP2040's watchdog can count.
WATCHDOG_MS = 8388
# Keeps the radio awake: power save costs keep-alives and latency.
NO_POWER_SAVE = 0xA11140


class Board:
    model = "Raspberry Pi Pico W"

    def __init__(self, config):
        self._config = config
        self._sensor = sensor_for(config.sensor_kind, config.sensor_pin)
        self._lamp = machine.Pin("LED", machine.Pin.OUT)
        network.country(config.wifi_country)
        self._wlan = network.WLAN(network.STA_IF)
        self._watchdog = None
        self._tls = None
        # Units by metric, for `info`.
        self.metrics = dict(self._sensor.metrics)
        self.metrics["rssi"] = "dBm"

    # Radio

    async def join_wifi(self):
        if self._wlan.isconnected():
            return
        self._wlan.active(True)
        self._wlan.config(pm=NO_POWER_SAVE)
        self._wlan.connect(self._config.wifi_ssid, self._config.wifi_password)
        for _ in range(JOIN_SECONDS * 5):
            if self._wlan.isconnected():
                return
            await asyncio.sleep_ms(200)
        self._wlan.disconnect()
        raise OSError("no Wi-Fi")

    def leave_wifi(self):
        self._wlan.disconnect()
        self._wlan.active(False)

    def tls_context(self):
        """None without a CA file: plain TCP. With one, the server must prove itself; there is no way to skip that."""
        if not self._config.ca_file:
            return None
        if self._tls is None:
            import tls

            with open(self._config.ca_file, "rb") as file:
                authority = file.read()
            if not authority.endswith(b"\0") and b"-----BEGIN" in authority:
                authority += b"\0"  # mbedTLS tells PEM from DER by the zero at its end
            context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
            context.verify_mode = tls.CERT_REQUIRED
            context.load_verify_locations(authority)
            self._tls = context
        return self._tls

    # Sensor

    def look(self):
        """Reads the pins; True when something changed that cannot wait for the next report."""
        return self._sensor.look()

    def measure(self):
        metrics = self._sensor.measure()
        try:
            metrics["rssi"] = self._wlan.status("rssi")
        except (OSError, ValueError):
            pass  # not connected
        return metrics

    async def blink(self, seconds):
        for _ in range(seconds * 4):
            self._lamp.toggle()
            await asyncio.sleep_ms(250)
        self._lamp.off()

    def nap(self, ms):
        """Stops the processor for a moment. Call it with the radio off only."""
        machine.lightsleep(ms)

    # Clock, chance, watchdog

    def set_rtc(self, epoch_seconds):
        # Older firmware counts from 2000, newer from 1970.
        since = 0 if time.gmtime(0)[0] == 1970 else 946684800
        year, month, day, hour, minute, second, weekday = time.gmtime(epoch_seconds - since)[:7]
        machine.RTC().datetime((year, month, day, weekday, hour, minute, second, 0))

    def random_below(self, limit):
        return int.from_bytes(os.urandom(4), "big") % limit

    def feed_watchdog(self):
        if self._watchdog is None:
            self._watchdog = machine.WDT(timeout=WATCHDOG_MS)
        self._watchdog.feed()

    def restart(self):
        time.sleep(5)
        machine.reset()
