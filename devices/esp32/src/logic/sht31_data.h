// Six bytes of an SHT31: temperature, checksum, humidity, checksum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ports.h"

namespace hearth {

constexpr size_t kSht31Bytes = 6;

/// CRC-8, polynomial 0x31, start 0xff (data sheet, section 4.12).
inline uint8_t sht31Checksum(const uint8_t* data, size_t length) {
  uint8_t crc = 0xff;
  for (size_t i = 0; i < length; ++i) {
    crc = static_cast<uint8_t>(crc ^ data[i]);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<uint8_t>((crc & 0x80) != 0 ? (crc << 1) ^ 0x31 : crc << 1);
    }
  }
  return crc;
}

/// Nothing when a checksum is wrong.
inline std::optional<Climate> decodeSht31(const uint8_t (&data)[kSht31Bytes]) {
  if (sht31Checksum(data, 2) != data[2] || sht31Checksum(data + 3, 2) != data[5]) return std::nullopt;
  const double temperature = data[0] * 256.0 + data[1];
  const double humidity = data[3] * 256.0 + data[4];
  return Climate{-45.0 + 175.0 * temperature / 65535.0, 100.0 * humidity / 65535.0};
}

}  // namespace hearth
