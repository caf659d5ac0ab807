# One MQTT 3.1.1 connection: QoS 1 out, QoS 0, 1 and 2 in. Made new for every try; whoever uses it decides about trying.
# Every wait has an end: a half-open link would otherwise wait for ever.
import asyncio
import time

from hearth import mqtt_packets as packets

TIMEOUT_SECONDS = 10
# Largest packet that is read: a command, not a film.
MAX_PACKET_BYTES = 4096
# QoS 2 messages between PUBREC and PUBREL.
MAX_HALF_OPEN = 16


class LinkLost(Exception):
    pass


class MqttClient:
    def __init__(self, config, will, tls_context, on_message):
        """will is (topic, payload). on_message(topic, payload) is called from the reading task: it must not wait."""
        self._config = config
        self._will = will
        self._tls = tls_context
        self._on_message = on_message
        self._ids = packets.PacketIds()
        self._waiting = {}
        self._half_open = set()
        self._writing = asyncio.Lock()
        self._stream = None
        self._tasks = []
        self._heard_ms = 0
        # Why the connection is over; None while it lives.
        self.lost = None
        self.over = asyncio.Event()

    async def connect(self, keep_alive_seconds):
        config = self._config
        tls = {"ssl": self._tls, "server_hostname": config.server_name} if self._tls else {}
        opening = asyncio.open_connection(config.broker_host, config.broker_port, **tls)
        try:
            self._stream, _ = await asyncio.wait_for(opening, TIMEOUT_SECONDS)
            hello = packets.connect(
                config.device_id, config.device_id, config.secret, keep_alive_seconds, *self._will
            )
            await self._write(hello)
            kind, _flags, body = await asyncio.wait_for(self._read_packet(), TIMEOUT_SECONDS)
        except asyncio.TimeoutError:
            raise LinkLost("no answer from the broker")
        if kind != packets.CONNACK or len(body) != 2:
            raise LinkLost("the server speaks no MQTT")
        if body[1] != 0:
            raise LinkLost(packets.CONNACK_WORDS.get(body[1], "refused"))
        self._heard_ms = time.ticks_ms()
        self._tasks = [
            asyncio.create_task(self._read_all()),
            asyncio.create_task(self._keep_alive(keep_alive_seconds)),
        ]

    async def publish(self, topic, payload, retain=False):
        """Returns when the server has acknowledged the message."""
        packet_id = self._ids.next()
        await self._ask(packet_id, packets.publish(topic, payload, packet_id, retain))

    async def subscribe(self, topic_filter, qos):
        packet_id = self._ids.next()
        granted = await self._ask(packet_id, packets.subscribe(topic_filter, packet_id, qos))
        if len(granted) < 3 or granted[2] == 0x80:
            raise LinkLost("subscription refused")

    async def disconnect(self):
        """Says goodbye, so that the server drops the will."""
        if self.lost is None:
            try:
                await self._write(packets.DISCONNECT)
            except (OSError, LinkLost):
                pass
        await self.close("disconnected")

    async def close(self, why):
        """Ends the connection without a word. Safe to call twice."""
        self._lose(why)
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            stream.close()
            await asyncio.wait_for(stream.wait_closed(), TIMEOUT_SECONDS)
        except (OSError, asyncio.TimeoutError):
            pass

    def _lose(self, why):
        if self.lost is None:
            self.lost = why
        self.over.set()
        for answered in self._waiting.values():
            answered[0].set()

    async def _ask(self, packet_id, packet):
        answered = [asyncio.Event(), None]
        self._waiting[packet_id] = answered
        try:
            await self._write(packet)
            await asyncio.wait_for(answered[0].wait(), TIMEOUT_SECONDS)
        except asyncio.TimeoutError:
            self._lose("no acknowledgement")
        finally:
            del self._waiting[packet_id]
        if answered[1] is None:
            raise LinkLost(self.lost)
        return answered[1]

    async def _write(self, packet):
        # Two tasks that drain one stream at a time would send its buffer twice.
        async with self._writing:
            if self.lost is not None or self._stream is None:
                raise LinkLost(self.lost or "closed")
            try:
                self._stream.write(packet)
                await asyncio.wait_for(self._stream.drain(), TIMEOUT_SECONDS)
            except asyncio.TimeoutError:
                self._lose("cannot send")
                raise LinkLost(self.lost)

    async def _read_packet(self):
        first = (await self._read_exactly(1))[0]
        length = shift = 0
        while True:
            digit = (await self._read_exactly(1))[0]
            length |= (digit & 0x7F) << shift
            if not digit & 0x80:
                break
            shift += 7
            if shift > 21:
                raise packets.ProtocolError("packet length has five digits")
        if length > MAX_PACKET_BYTES:
            raise packets.ProtocolError("packet of %d bytes" % length)
        return first & 0xF0, first & 0x0F, await self._read_exactly(length)

    async def _read_exactly(self, count):
        return await self._stream.readexactly(count) if count else b""

    async def _read_all(self):
        try:
            while True:
                kind, flags, body = await self._read_packet()
                self._heard_ms = time.ticks_ms()
                await self._receive(kind, flags, body)
        except (OSError, EOFError):
            self._lose("connection lost")
        except (packets.ProtocolError, LinkLost) as error:
            self._lose(str(error))

    async def _receive(self, kind, flags, body):
        if kind == packets.PUBLISH:
            await self._receive_publish(flags, body)
        elif kind == packets.PUBREL:
            packet_id = packets.parse_packet_id(body)
            self._half_open.discard(packet_id)
            await self._write(packets.acknowledgement(packets.PUBCOMP, packet_id))
        elif kind in (packets.PUBACK, packets.SUBACK):
            answered = self._waiting.get(packets.parse_packet_id(body))
            if answered is not None:
                answered[1] = body
                answered[0].set()
        elif kind != packets.PINGRESP:
            raise packets.ProtocolError("unexpected packet 0x%02x" % kind)

    async def _receive_publish(self, flags, body):
        topic, payload, qos, packet_id = packets.parse_publish(flags, body)
        if qos == 2:
            if packet_id not in self._half_open:
                if len(self._half_open) >= MAX_HALF_OPEN:
                    raise packets.ProtocolError("too many half-open QoS 2 messages")
                self._half_open.add(packet_id)
                self._on_message(topic, payload)
            await self._write(packets.acknowledgement(packets.PUBREC, packet_id))
            return
        self._on_message(topic, payload)
        if qos == 1:
            await self._write(packets.acknowledgement(packets.PUBACK, packet_id))

    async def _keep_alive(self, keep_alive_seconds):
        try:
            while True:
                await asyncio.sleep(keep_alive_seconds / 2)
                await self._write(packets.PINGREQ)
                silent_ms = time.ticks_diff(time.ticks_ms(), self._heard_ms)
                if silent_ms > keep_alive_seconds * 1500:
                    self._lose("no answer to pings")
                    return
        except OSError:
            self._lose("connection lost")
        except LinkLost:
            pass
