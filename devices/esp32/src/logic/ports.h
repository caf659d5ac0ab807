// What the program needs from the world. The board implements it with a radio and pins, a test with a socket and files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "climate.h"
#include "thermostat.h"

namespace hearth {

/// One MQTT connection at a time. What comes of it is told to the program by its on… methods.
class Link {
 public:
  virtual ~Link() = default;
  /// Begins to connect; onConnected or onDisconnected follows.
  virtual void connect() = 0;
  /// Ends the connection without a word, or gives up connecting; onDisconnected follows.
  virtual void drop() = 0;
  /// QoS 1. The packet identifier, which onPublished repeats; 0 when it cannot be sent now.
  virtual uint16_t publish(const std::string& topic, const std::string& payload, bool retain) = 0;
  /// QoS 2.
  virtual bool subscribe(const std::string& filter) = 0;
};

struct Climate {
  double celsius;
  double humidityPercent;
};

class Board {
 public:
  virtual ~Board() = default;
  /// Nothing when the sensor did not answer, or with nonsense.
  virtual std::optional<Climate> measure() = 0;
  virtual void drive(Drive drive) = 0;
  virtual void save(const ClimateSettings& settings) = 0;
  virtual std::optional<ClimateSettings> load() = 0;
  /// Makes itself seen for some seconds, without waiting for their end.
  virtual void identify(uint32_t seconds) = 0;
  /// dBm; 0 while unknown.
  virtual int signal() = 0;
  virtual uint32_t freeHeap() = 0;
  virtual uint32_t chance() = 0;
  virtual void log(const std::string& line) = 0;
};

}  // namespace hearth
