// Hearth on an ESP32: wires the program of logic/ to the radio, the pins and the clock.
#include <Arduino.h>
#include <WiFi.h>
#include <esp_sntp.h>
#include <esp_task_wdt.h>
#include <esp_timer.h>
#include <sys/time.h>

#include "hal/esp32_board.h"
#include "hal/mqtt_link.h"
#include "logic/program.h"

namespace {

constexpr uint32_t kWatchdogSeconds = 30;
/// 2024-01-01: whatever says it is earlier has not heard the time yet.
constexpr time_t kEarliestTime = 1704067200;

Esp32Board board;
MqttLink link;
// On the heap: the backlog is too large for the static memory of an ESP32.
hearth::Program* program = nullptr;

uint64_t nowMs() { return static_cast<uint64_t>(esp_timer_get_time()) / 1000; }

/// Tells the program the time of day, again and again: SNTP corrects it in the background.
void passTimeOn(uint64_t now) {
  timeval time{};
  gettimeofday(&time, nullptr);
  if (time.tv_sec < kEarliestTime) return;
  const int64_t epochMs = static_cast<int64_t>(time.tv_sec) * 1000 + time.tv_usec / 1000;
  program->setEpochOffset(epochMs - static_cast<int64_t>(now));
}

/// True when the radio is up, and, for TLS, when the date is known by which a certificate is judged.
bool isNetworkUp() {
#ifdef HEARTH_CA_PEM
  if (time(nullptr) < kEarliestTime) return false;
#endif
  return WiFi.isConnected();
}

void startWatchdog() {
  esp_task_wdt_config_t config{};
  config.timeout_ms = kWatchdogSeconds * 1000;
  config.trigger_panic = true;
  esp_task_wdt_reconfigure(&config);
  esp_task_wdt_add(nullptr);
}

}  // namespace

void setup() {
  Serial.begin(115200);
  board.begin();

  hearth::ProgramOptions options;
  options.deviceId = HEARTH_DEVICE_ID;
  options.intervalSeconds = HEARTH_INTERVAL_SECONDS;
  options.isThermostat = HEARTH_THERMOSTAT != 0;
  program = new hearth::Program(options, link, board, nowMs());

  link.onConnected = [] { program->onConnected(nowMs()); };
  link.onDisconnected = [](const std::string& why) { program->onDisconnected(nowMs(), why); };
  link.onPublished = [](uint16_t packetId) { program->onPublished(packetId); };
  link.onMessage = [](const std::string& topic, const std::string& payload) {
    program->onMessage(topic, payload, nowMs());
  };
  link.begin();

  WiFi.mode(WIFI_STA);
  WiFi.setSleep(false);
  WiFi.setAutoReconnect(true);
  WiFi.begin(HEARTH_WIFI_SSID, HEARTH_WIFI_PASSWORD);
  configTime(0, 0, HEARTH_NTP_SERVER);
  startWatchdog();
}

void loop() {
  const uint64_t now = nowMs();
  passTimeOn(now);
  board.tick(now);
  link.loop();
  program->tick(now, isNetworkUp());
  esp_task_wdt_reset();
  delay(5);
}
