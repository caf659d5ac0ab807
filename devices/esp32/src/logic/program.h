// The program of the board: measures, steers, keeps a link, delivers what it measured, obeys commands. It does no I/O
// and reads no clock: `tick` brings the time, the ports do the rest. Everything happens on one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "back_off.h"
#include "backlog.h"
#include "command.h"
#include "ports.h"
#include "thermostat.h"
#include "topics.h"

namespace hearth {

struct ProgramOptions {
  std::string deviceId;
  uint32_t intervalSeconds = 10;
  /// False for a climate node that only measures.
  bool isThermostat = true;
  ClimateLimits limits;
  Protection protection;
};

class Program {
 public:
  static constexpr const char* kFirmware = "0.1.0";
  static constexpr size_t kBacklogEntries = 300;
  static constexpr size_t kEntriesPerMessage = 20;
  static constexpr uint64_t kSenseEveryMs = 2000;
  static constexpr uint64_t kStepEveryMs = 1000;
  static constexpr uint64_t kConnectTimeoutMs = 15000;
  static constexpr uint64_t kAcknowledgeTimeoutMs = 20000;
  /// A link that held this long was a good one: the next loss begins with the shortest wait.
  static constexpr uint64_t kStableLinkMs = 60000;
  /// A reading this fresh may be sent without a time.
  static constexpr uint64_t kFreshMs = 2000;
  static constexpr uint32_t kMaxIntervalSeconds = 3600;

  Program(ProgramOptions options, Link& link, Board& board, uint64_t nowMs);

  /// Call it often. `networkUp` is about the radio.
  void tick(uint64_t nowMs, bool networkUp);

  /// The time of day became known: milliseconds to add to `nowMs` for the time since 1970.
  void setEpochOffset(int64_t offsetMs) { epochOffset_ = offsetMs; }

  void onConnected(uint64_t nowMs);
  void onDisconnected(uint64_t nowMs, const std::string& why);
  void onPublished(uint16_t packetId);
  void onMessage(const std::string& topic, const std::string& payload, uint64_t nowMs);

  size_t waiting() const { return backlog_.size(); }
  const ClimateSettings& settings() const { return settings_; }

 private:
  enum class LinkState { kWaiting, kConnecting, kConnected };

  void sense(uint64_t nowMs);
  void steer(uint64_t nowMs);
  void report(uint64_t nowMs);
  void keepLink(uint64_t nowMs, bool networkUp);
  void deliver(uint64_t nowMs);
  void run(const Command& command, uint64_t nowMs);
  std::string apply(const Command& command, uint64_t nowMs);
  void publishState();
  std::string info() const;
  std::string state() const;

  const ProgramOptions options_;
  const Topics topics_;
  Link& link_;
  Board& board_;
  Backlog<kBacklogEntries> backlog_;
  BackOff backOff_;
  ClimateSettings settings_;
  Thermostat thermostat_;
  std::optional<Climate> climate_;
  std::optional<int64_t> epochOffset_;

  LinkState linkState_ = LinkState::kWaiting;
  uint64_t linkSince_;
  uint64_t retryAt_;
  uint16_t deliveryId_ = 0;
  uint64_t deliverySince_ = 0;
  uint64_t deliveryEnd_ = 0;

  uint64_t intervalMs_;
  uint64_t senseAt_;
  uint64_t stepAt_;
  uint64_t reportAt_;
  uint32_t sequence_ = 0;
};

}  // namespace hearth
