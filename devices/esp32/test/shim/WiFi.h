#pragma once
#include <cstdint>

enum wifi_mode_t { WIFI_OFF, WIFI_STA };

struct WiFiClass {
  bool mode(wifi_mode_t mode);
  bool setSleep(bool on);
  bool setAutoReconnect(bool on);
  int begin(const char* ssid, const char* password);
  bool isConnected();
  int8_t RSSI();
};
extern WiFiClass WiFi;
