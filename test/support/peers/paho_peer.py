"""One exchange by Eclipse Paho, told by a JSON object in the first argument.

Subscribing prints `topic|qos|retain|payload` for each message and ends after `count` of them,
with a count of 0 as soon as it has subscribed.
"""

import json
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

task = json.loads(sys.argv[1])
is_v5 = task["version"] == 5
persistent_id = task.get("persistentId")
remaining = task.get("count", 0)


def make_client():
    options = {
        "client_id": persistent_id or "",
        "protocol": mqtt.MQTTv5 if is_v5 else mqtt.MQTTv311,
        "transport": "websockets" if task["transport"] == "websocket" else "tcp",
    }
    if not is_v5:
        options["clean_session"] = persistent_id is None
    if hasattr(mqtt, "CallbackAPIVersion"):  # paho 2 keeps the callbacks of paho 1 on request
        options["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
    client = mqtt.Client(**options)
    if task["transport"] == "websocket":
        client.ws_set_options(path="/mqtt")
    return client


def connect(client):
    if not is_v5:
        client.connect("127.0.0.1", task["port"])
        return
    properties = Properties(PacketTypes.CONNECT)
    if persistent_id is not None:
        properties.SessionExpiryInterval = 600
    client.connect(
        "127.0.0.1", task["port"], clean_start=persistent_id is None, properties=properties
    )


def on_connect(client, _userdata, _flags, reason_code, _properties=None):
    if reason_code != 0:
        print("refused:", reason_code, file=sys.stderr)
        sys.exit(1)
    if "filter" in task:
        client.subscribe(task["filter"], task["qos"])


def on_subscribe(client, _userdata, _packet_id, _granted, _properties=None):
    if remaining == 0:
        client.disconnect()


def on_message(client, _userdata, message):
    global remaining
    if remaining == 0:
        return
    print(f"{message.topic}|{message.qos}|{int(message.retain)}|{message.payload.decode()}")
    remaining -= 1
    if remaining == 0:
        client.disconnect()


client = make_client()
client.on_connect = on_connect
client.on_subscribe = on_subscribe
client.on_message = on_message
if "will" in task:
    will = task["will"]
    client.will_set(will["topic"], will["payload"], will["qos"], will.get("retain", False))
connect(client)
if "filter" in task:
    client.loop_forever()
else:
    client.loop_start()
    sent = client.publish(task["topic"], task["payload"], task["qos"], task.get("retain", False))
    sent.wait_for_publish()
    client.disconnect()
    client.loop_stop()
