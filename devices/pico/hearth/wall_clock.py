# Two clocks: one that counts milliseconds since boot and never jumps, and the time of day, once it is known.
# Whole numbers only: a Pico's floats have 24 bits, too few for the milliseconds of this century.
import asyncio
import os
import socket
import time

from hearth import ntp

ANSWER_WAIT_MS = 3000
LOOK_EVERY_MS = 50
RESYNC_MS = 24 * 3600 * 1000
RETRY_MS = 60 * 1000


class WallClock:
    def __init__(self, config, set_rtc):
        """set_rtc(epoch seconds) sets the board's clock, by which TLS judges certificates."""
        self._host = config.ntp_host
        self._port = config.ntp_port
        self._set_rtc = set_rtc
        self._ticks = time.ticks_ms()
        self._monotonic = 0
        self._synced_at = None
        self._tried_at = None
        # Milliseconds to add to the monotonic clock for the time since 1970; None while unknown.
        self.epoch_offset_ms = None

    def monotonic_ms(self):
        """Milliseconds since boot. Call it at least once in six days: the ticks under it wrap after twelve."""
        ticks = time.ticks_ms()
        self._monotonic += time.ticks_diff(ticks, self._ticks)
        self._ticks = ticks
        return self._monotonic

    def epoch_ms(self):
        """Milliseconds since 1970; None while the time of day is unknown."""
        if self.epoch_offset_ms is None:
            return None
        return self.monotonic_ms() + self.epoch_offset_ms

    def needs_sync(self):
        now = self.monotonic_ms()
        if self._tried_at is not None and now - self._tried_at < RETRY_MS:
            return False
        return self._synced_at is None or now - self._synced_at > RESYNC_MS

    async def sync(self):
        """Asks the network for the time of day. True when it answered; otherwise the old offset stays."""
        self._tried_at = self.monotonic_ms()
        try:
            epoch_ms = await self._ask()
        except OSError:
            epoch_ms = None
        if epoch_ms is None:
            return False
        self._synced_at = self.monotonic_ms()
        self.epoch_offset_ms = epoch_ms - self._synced_at
        self._set_rtc(epoch_ms // 1000)
        return True

    async def _ask(self):
        address = socket.getaddrinfo(self._host, self._port, 0, socket.SOCK_DGRAM)[0][-1]
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            nonce = os.urandom(8)
            sock.sendto(ntp.request(nonce), address)
            for _ in range(ANSWER_WAIT_MS // LOOK_EVERY_MS):
                await asyncio.sleep_ms(LOOK_EVERY_MS)
                try:
                    packet = sock.recv(ntp.REQUEST_BYTES)
                except OSError:
                    continue  # nothing there yet
                epoch_ms = ntp.parse_response(packet, nonce)
                if epoch_ms is not None:
                    return epoch_ms
            return None
        finally:
            sock.close()
