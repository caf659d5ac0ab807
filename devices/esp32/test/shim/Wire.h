#pragma once
#include <cstddef>
#include <cstdint>

struct TwoWire {
  bool begin(int sda, int scl);
  void beginTransmission(uint8_t address);
  size_t write(uint8_t byte);
  uint8_t endTransmission();
  size_t requestFrom(uint8_t address, size_t count);
  int read();
};
extern TwoWire Wire;
