# MQTT 3.1.1 packets, client side: bytes out, values in. Does no I/O.

CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = 0x20, 0x30, 0x40, 0x50, 0x60, 0x70
SUBACK, PINGRESP = 0x90, 0xD0

PINGREQ = b"\xc0\x00"
DISCONNECT = b"\xe0\x00"

CONNACK_WORDS = {
    1: "protocol version refused",
    2: "client identifier refused",
    3: "server unavailable",
    4: "wrong device id or secret",
    5: "not authorized",
}


class ProtocolError(Exception):
    pass


def _string(text):
    # Bytes, not characters: a degree sign is two of them.
    data = text.encode() if isinstance(text, str) else text
    return len(data).to_bytes(2, "big") + data


def _packet(first_byte, body):
    length = len(body)
    header = bytearray([first_byte])
    while True:
        digit, length = length & 0x7F, length >> 7
        header.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(header) + body


def connect(client_id, user, password, keep_alive_seconds, will_topic, will_payload):
    """Clean session; the will is retained at QoS 1."""
    flags = 0x80 | 0x40 | 0x20 | 0x08 | 0x04 | 0x02
    body = _string("MQTT") + bytes([4, flags]) + keep_alive_seconds.to_bytes(2, "big")
    body += _string(client_id) + _string(will_topic) + _string(will_payload)
    return _packet(0x10, body + _string(user) + _string(password))


def publish(topic, payload, packet_id, retain=False):
    """QoS 1."""
    data = payload.encode() if isinstance(payload, str) else payload
    first_byte = PUBLISH | 0x02 | (1 if retain else 0)
    return _packet(first_byte, _string(topic) + packet_id.to_bytes(2, "big") + data)


def subscribe(topic_filter, packet_id, qos):
    return _packet(0x82, packet_id.to_bytes(2, "big") + _string(topic_filter) + bytes([qos]))


def acknowledgement(kind, packet_id):
    """PUBACK, PUBREC, PUBREL or PUBCOMP."""
    first_byte = kind | (0x02 if kind == PUBREL else 0)
    return bytes([first_byte, 2]) + packet_id.to_bytes(2, "big")


class PacketIds:
    """1 to 65535, then 1 again: 0 is no packet identifier [MQTT-2.3.1-1]."""

    def __init__(self):
        self._last = 0

    def next(self):
        self._last = self._last % 65535 + 1
        return self._last


def parse_publish(flags, body):
    """(topic, payload, qos, packet id or None) of a PUBLISH."""
    qos = (flags >> 1) & 3
    if qos == 3 or len(body) < 2:
        raise ProtocolError("malformed PUBLISH")
    end = 2 + int.from_bytes(body[0:2], "big")
    start = end + (2 if qos else 0)
    if start > len(body):
        raise ProtocolError("malformed PUBLISH")
    packet_id = int.from_bytes(body[end:start], "big") if qos else None
    if packet_id == 0:
        raise ProtocolError("packet identifier 0")
    try:
        return bytes(body[2:end]).decode(), bytes(body[start:]), qos, packet_id
    except UnicodeError:
        raise ProtocolError("topic is not UTF-8")


def parse_packet_id(body):
    if len(body) < 2:
        raise ProtocolError("packet identifier is missing")
    return int.from_bytes(body[0:2], "big")
