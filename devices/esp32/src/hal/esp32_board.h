// Pins, sensor, memory and lamp of an ESP32.
#pragma once

#include <Arduino.h>
#include <Preferences.h>
#include <WiFi.h>
#include <esp_random.h>

#include "../logic/ports.h"
#include "config.h"
#include "sht31.h"

class Esp32Board : public hearth::Board {
 public:
  void begin() {
    for (const int pin : {HEARTH_PIN_HEAT, HEARTH_PIN_COOL, HEARTH_PIN_LAMP}) {
      digitalWrite(pin, LOW);
      pinMode(pin, OUTPUT);
    }
    sensor_.begin(HEARTH_PIN_SDA, HEARTH_PIN_SCL);
    memory_.begin("hearth", false);
  }

  /// Call it often: ends the blinking.
  void tick(uint64_t nowMs) {
    nowMs_ = nowMs;
    const bool blinks = nowMs < blinkUntil_;
    digitalWrite(HEARTH_PIN_LAMP, blinks && nowMs / 250 % 2 == 0 ? HIGH : LOW);
  }

  std::optional<hearth::Climate> measure() override { return sensor_.measure(); }

  void drive(hearth::Drive drive) override {
    // Never both at once, not even for a moment: first off, then on.
    if (drive != hearth::Drive::kHeating) digitalWrite(HEARTH_PIN_HEAT, LOW);
    if (drive != hearth::Drive::kCooling) digitalWrite(HEARTH_PIN_COOL, LOW);
    if (drive == hearth::Drive::kHeating) digitalWrite(HEARTH_PIN_HEAT, HIGH);
    if (drive == hearth::Drive::kCooling) digitalWrite(HEARTH_PIN_COOL, HIGH);
  }

  void save(const hearth::ClimateSettings& settings) override {
    memory_.putUChar("mode", static_cast<uint8_t>(settings.mode));
    memory_.putFloat("target", static_cast<float>(settings.target));
    memory_.putFloat("low", static_cast<float>(settings.targetLow));
    memory_.putFloat("high", static_cast<float>(settings.targetHigh));
  }

  std::optional<hearth::ClimateSettings> load() override {
    const uint8_t mode = memory_.getUChar("mode", 0xff);
    if (mode >= hearth::kModeNames.size()) return std::nullopt;
    hearth::ClimateSettings settings;
    settings.mode = static_cast<hearth::Mode>(mode);
    settings.target = memory_.getFloat("target", static_cast<float>(settings.target));
    settings.targetLow = memory_.getFloat("low", static_cast<float>(settings.targetLow));
    settings.targetHigh = memory_.getFloat("high", static_cast<float>(settings.targetHigh));
    return settings;
  }

  void identify(uint32_t seconds) override { blinkUntil_ = nowMs_ + seconds * 1000ULL; }
  int signal() override { return WiFi.isConnected() ? WiFi.RSSI() : 0; }
  uint32_t freeHeap() override { return ESP.getFreeHeap(); }
  uint32_t chance() override { return esp_random(); }
  void log(const std::string& line) override { Serial.println(line.c_str()); }

 private:
  Sht31 sensor_;
  Preferences memory_;
  uint64_t nowMs_ = 0;
  uint64_t blinkUntil_ = 0;
};
