# The time of day from the network. Pure: builds the question, reads the answer.
# Seconds of NTP count from 1900 in 32 bits and begin again in 2036; what looks too small is from after that.
REQUEST_BYTES = 48
SECONDS_1900_TO_1970 = 2208988800
ERA_SECONDS = 1 << 32
EARLIEST_YEAR_SECONDS = 1704067200  # 2024: whoever says it is earlier has no clock himself


def request(nonce):
    """A client question, version 4. The nonce (8 bytes) comes back in the answer."""
    return b"\x23" + bytes(39) + nonce


def parse_response(packet, nonce):
    """Milliseconds since 1970, or None when the answer is none of ours, or from a server without the time."""
    if len(packet) < REQUEST_BYTES or bytes(packet[24:32]) != nonce:
        return None
    leap, mode, stratum = packet[0] >> 6, packet[0] & 7, packet[1]
    if mode != 4 or leap == 3 or not 1 <= stratum <= 15:
        return None
    seconds = int.from_bytes(packet[40:44], "big")
    fraction = int.from_bytes(packet[44:48], "big")
    since_1970 = seconds - SECONDS_1900_TO_1970
    if since_1970 < EARLIEST_YEAR_SECONDS:
        since_1970 += ERA_SECONDS
    return since_1970 * 1000 + ((fraction * 1000) >> 32)
