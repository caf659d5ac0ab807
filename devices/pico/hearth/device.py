# The program of a board: measures without ever waiting for the network, keeps a link, delivers what it measured,
# obeys commands, and lets the watchdog bite when it makes no progress.
import asyncio
import gc
import json

from hearth.back_off import BackOff
from hearth.backlog import Backlog, encode, encode_now, fragment
from hearth.commands import Rejected, read_command, response, whole_number
from hearth.config import MAX_INTERVAL_SECONDS
from hearth.debounce import STABLE_READS
from hearth.mqtt_client import LinkLost, MqttClient
from hearth.topics import Topics
from hearth.wall_clock import WallClock

FIRMWARE = "0.1.0"
KEEP_ALIVE_SECONDS = 30
# A link that held this long was a good one: the next loss begins with the shortest wait.
STABLE_LINK_MS = 60000
# About an hour of minutes, in roughly 30 kB.
BACKLOG_ENTRIES = 300
ENTRIES_PER_MESSAGE = 20
# A reading this fresh may be sent without a time; the server stamps it on arrival.
FRESH_MS = 2000
LOOK_EVERY_MS = 50
# Between two looks of a sleeping board.
NAP_MS = 500
# Without a round of the measuring loop in this time, the watchdog is not fed.
STALLED_MS = 20000
MAX_QUEUED_COMMANDS = 8


class Device:
    def __init__(self, config, board):
        self._config = config
        self._board = board
        self._topics = Topics(config.device_id)
        self._clock = WallClock(config, board.set_rtc)
        self._back_off = BackOff(board.random_below)
        self._backlog = Backlog(BACKLOG_ENTRIES)
        self._news = asyncio.Event()
        self._commands = []
        self._interval_ms = config.interval_seconds * 1000
        self._sequence = 0
        self._measured_ms = 0
        self._measure_now = True

    async def run(self):
        asyncio.create_task(self._guard())
        if self._config.sleeps:
            await self._sleep_and_wake()
            return
        asyncio.create_task(self._measure_for_ever())
        while True:
            await self._one_link()

    # Measuring

    async def _measure_for_ever(self):
        due_ms = 0
        while True:
            now = self._clock.monotonic_ms()
            self._measured_ms = now
            changed = self._board.look()
            if changed or self._measure_now or now >= due_ms:
                self._measure_now = False
                due_ms = now + self._interval_ms
                self._measure(now)
            await asyncio.sleep_ms(LOOK_EVERY_MS)

    def _measure(self, now_ms):
        metrics = self._board.measure()
        metrics["uptime"] = now_ms // 1000
        metrics["free_heap"] = gc.mem_free()
        self._backlog.add(now_ms, fragment(metrics, self._sequence))
        self._sequence += 1
        self._news.set()

    # The link

    async def _one_link(self):
        """From the first try of the radio to the loss of the connection, then the wait before the next."""
        held_ms = 0
        client = None
        try:
            await self._board.join_wifi()
            if self._clock.needs_sync():
                await self._clock.sync()
            client = await self._connect()
            began_ms = self._clock.monotonic_ms()
            await self._serve(client)
        except (OSError, EOFError, ValueError, LinkLost) as error:
            # ValueError: a certificate that the CA did not sign.
            print("link: %s" % (str(error).strip() or type(error).__name__))
        finally:
            if client is not None:
                held_ms = self._clock.monotonic_ms() - began_ms
                await client.close("lost")
        gc.collect()
        if held_ms >= STABLE_LINK_MS:
            self._back_off.reset()
        await asyncio.sleep_ms(self._back_off.next_ms())

    async def _connect(self):
        will = (self._topics.status, "offline")
        client = MqttClient(self._config, will, self._board.tls_context(), self._on_message)
        try:
            await client.connect(KEEP_ALIVE_SECONDS)
            await client.subscribe(self._topics.commands, 2)
            await client.publish(self._topics.status, "online", retain=True)
            await client.publish(self._topics.info, self._info(), retain=True)
        except BaseException:
            await client.close("not accepted")
            raise
        print("link: connected")
        return client

    def _info(self):
        units = self._board.metrics
        metrics = [{"name": name, "unit": units[name]} for name in units]
        metrics += [{"name": "uptime", "unit": "s"}, {"name": "free_heap", "unit": "B"}]
        return json.dumps(
            {
                "model": self._board.model,
                "firmware": FIRMWARE,
                "interval": self._interval_ms // 1000,
                "sleeps": self._config.sleeps,
                "metrics": metrics,
                "commands": ["identify", "interval", "measure"],
            }
        )

    async def _serve(self, client):
        while client.lost is None:
            await self._answer_commands(client)
            await self._deliver(client)
            if self._clock.needs_sync():
                await self._clock.sync()
            self._news.clear()
            if not self._commands and client.lost is None:
                await self._wait_for_news(client)
        raise LinkLost(client.lost)

    async def _wait_for_news(self, client):
        # One flag for readings, commands and the end of the link: MicroPython cannot wait for the first of several.
        while not self._news.is_set() and client.lost is None:
            await asyncio.sleep_ms(LOOK_EVERY_MS)

    async def _deliver(self, client):
        while len(self._backlog):
            offset = self._clock.epoch_offset_ms
            if offset is None:
                await self._deliver_newest(client)
                return
            entries = self._backlog.oldest(ENTRIES_PER_MESSAGE)
            await client.publish(self._topics.telemetry, encode(entries, offset))
            self._backlog.remove(entries)

    async def _deliver_newest(self, client):
        """Without the time of day only what is new can be said: the server stamps it. The rest waits for the time."""
        entry = self._backlog.newest()
        if self._clock.monotonic_ms() - entry[0] <= FRESH_MS:
            await client.publish(self._topics.telemetry, encode_now(entry))
            self._backlog.remove_newest(entry)

    # Commands

    def _on_message(self, topic, payload):
        name = self._topics.command_name(topic)
        if name is None or len(self._commands) >= MAX_QUEUED_COMMANDS:
            return
        command = read_command(name, payload, self._clock.epoch_ms())
        if command is None:
            print("command %s: malformed or too late" % name)
            return
        self._commands.append(command)
        self._news.set()

    async def _answer_commands(self, client):
        while self._commands:
            command = self._commands.pop(0)
            try:
                act = self._prepare(command)
            except Rejected as error:
                await self._respond(client, command, "rejected", str(error))
                continue
            await self._respond(client, command, "accepted")
            await act()
            await self._respond(client, command, "applied")

    async def _respond(self, client, command, status, reason=None):
        await client.publish(self._topics.response, response(command, status, reason))

    def _prepare(self, command):
        """What the command asks for, ready to be done; raises Rejected."""
        if command.name == "identify":
            seconds = whole_number(command.args, "seconds", 1, 60, 5)
            return lambda: self._board.blink(seconds)
        if command.name == "interval":
            seconds = whole_number(command.args, "seconds", 1, MAX_INTERVAL_SECONDS)
            return lambda: self._set_interval(seconds)
        if command.name == "measure":
            return self._set_due
        raise Rejected("unknown command %s" % command.name)

    async def _set_interval(self, seconds):
        self._interval_ms = seconds * 1000
        self._measure_now = True

    async def _set_due(self):
        self._measure_now = True

    # Battery boards

    async def _sleep_and_wake(self):
        """Wakes, measures, delivers, says goodbye, sleeps. `online` stays: a sleeping board is late, not offline."""
        while True:
            self._measured_ms = self._clock.monotonic_ms()
            self._board.look()
            self._measure(self._measured_ms)
            client = None
            try:
                await self._board.join_wifi()
                if self._clock.needs_sync():
                    await self._clock.sync()
                client = await self._connect()
                await self._answer_commands(client)
                await self._deliver(client)
                await client.disconnect()
            except (OSError, EOFError, ValueError, LinkLost) as error:
                print("link: %s" % (str(error).strip() or type(error).__name__))
            finally:
                if client is not None:
                    await client.close("asleep")
            self._board.leave_wifi()
            gc.collect()
            await self._sleep_until(self._measured_ms + self._interval_ms)

    async def _sleep_until(self, due_ms):
        while self._clock.monotonic_ms() < due_ms:
            self._board.nap(NAP_MS)
            # The pin is read often enough in one go for its debouncing.
            if any([self._board.look() for _ in range(STABLE_READS)]):
                return
            await asyncio.sleep_ms(0)

    # The watchdog

    async def _guard(self):
        while True:
            if self._clock.monotonic_ms() - self._measured_ms < STALLED_MS or self._config.sleeps:
                self._board.feed_watchdog()
            await asyncio.sleep(1)
