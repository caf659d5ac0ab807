// Just enough of the Arduino core for ESP32 (3.x) to let a desk's compiler read src/main.cpp and src/hal. Declarations only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

constexpr int HIGH = 1;
constexpr int LOW = 0;
constexpr int OUTPUT = 3;
void pinMode(int pin, int mode);
void digitalWrite(int pin, int level);
void delay(uint32_t ms);
void configTime(long gmtOffsetSeconds, int daylightOffsetSeconds, const char* server);

struct HardwareSerial {
  void begin(unsigned long baud);
  size_t println(const char* text);
};
extern HardwareSerial Serial;

struct EspClass {
  uint32_t getFreeHeap();
};
extern EspClass ESP;
