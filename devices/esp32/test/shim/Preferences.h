#pragma once
#include <cstddef>
#include <cstdint>

struct Preferences {
  bool begin(const char* name, bool readOnly);
  size_t putUChar(const char* key, uint8_t value);
  uint8_t getUChar(const char* key, uint8_t usual);
  size_t putFloat(const char* key, float value);
  float getFloat(const char* key, float usual);
};
