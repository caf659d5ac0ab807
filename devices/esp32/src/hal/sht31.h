// Sensirion SHT31 on I2C: temperature and humidity, each with a checksum (data sheet, section 4).
#pragma once

#include <Wire.h>

#include <optional>

#include "../logic/ports.h"
#include "../logic/sht31_data.h"

class Sht31 {
 public:
  void begin(int sda, int scl) { Wire.begin(sda, scl); }

  std::optional<hearth::Climate> measure() {
    Wire.beginTransmission(kAddress);
    // Single shot, high repeatability, no clock stretching.
    Wire.write(0x24);
    Wire.write(0x00);
    if (Wire.endTransmission() != 0) return std::nullopt;
    delay(kMeasuringMs);
    uint8_t data[hearth::kSht31Bytes];
    if (Wire.requestFrom(kAddress, sizeof data) != sizeof data) return std::nullopt;
    for (uint8_t& byte : data) byte = static_cast<uint8_t>(Wire.read());
    return hearth::decodeSht31(data);
  }

 private:
  static constexpr uint8_t kAddress = 0x44;
  static constexpr uint32_t kMeasuringMs = 16;
};
