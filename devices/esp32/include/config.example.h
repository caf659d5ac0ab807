// Copy to include/config.h and fill in. Git ignores config.h: it is the only place with secrets.
#pragma once

#define HEARTH_DEVICE_ID "living-room-heat-pump"
#define HEARTH_SECRET "shown once when the device is registered"

#define HEARTH_WIFI_SSID "your network"
#define HEARTH_WIFI_PASSWORD "its password"

#define HEARTH_BROKER_HOST "192.168.1.10"
#define HEARTH_BROKER_PORT 1883

// With an authority the connection is TLS, and the server must show a certificate of it for HEARTH_BROKER_HOST.
// There is no way to skip the check.
// #define HEARTH_CA_PEM R"PEM(-----BEGIN CERTIFICATE-----
// ...
// -----END CERTIFICATE-----
// )PEM"

#define HEARTH_NTP_SERVER "pool.ntp.org"

// Seconds between two reports.
#define HEARTH_INTERVAL_SECONDS 10

// 1: a thermostat with two relays. 0: a climate node that only measures.
#define HEARTH_THERMOSTAT 1
#define HEARTH_PIN_HEAT 25
#define HEARTH_PIN_COOL 26
#define HEARTH_PIN_LAMP 2
#define HEARTH_PIN_SDA 21
#define HEARTH_PIN_SCL 22
