#include "program.h"

#include <utility>

namespace hearth {

namespace {

const char* actionOf(Drive drive, Mode mode) {
  if (drive == Drive::kHeating) return "heating";
  if (drive == Drive::kCooling) return "cooling";
  return mode == Mode::kOff ? "off" : "idle";
}

/// The argument `seconds`; nothing when it is no whole number in the range.
std::optional<uint32_t> secondsOf(const Command& command, uint32_t most, std::optional<uint32_t> usual) {
  const JsonValue* value = command.args.find("seconds");
  if (value == nullptr) return usual;
  if (!value->isNumber() || value->number < 1 || value->number > most) return std::nullopt;
  const auto whole = static_cast<uint32_t>(value->number);
  if (static_cast<double>(whole) != value->number) return std::nullopt;
  return whole;
}

}  // namespace

Program::Program(ProgramOptions options, Link& link, Board& board, uint64_t nowMs)
    : options_(std::move(options)),
      topics_(options_.deviceId),
      link_(link),
      board_(board),
      thermostat_(options_.protection, nowMs),
      linkSince_(nowMs),
      retryAt_(nowMs),
      intervalMs_(options_.intervalSeconds * 1000ULL),
      senseAt_(nowMs),
      stepAt_(nowMs),
      reportAt_(nowMs) {
  if (const std::optional<ClimateSettings> saved = board_.load()) settings_ = *saved;
  board_.drive(Drive::kOff);
}

void Program::tick(uint64_t nowMs, bool networkUp) {
  if (nowMs >= senseAt_) sense(nowMs);
  if (options_.isThermostat && nowMs >= stepAt_) steer(nowMs);
  if (nowMs >= reportAt_) report(nowMs);
  keepLink(nowMs, networkUp);
  deliver(nowMs);
}

void Program::sense(uint64_t nowMs) {
  senseAt_ = nowMs + kSenseEveryMs;
  climate_ = board_.measure();
  if (climate_) thermostat_.sense(climate_->celsius, nowMs);
}

void Program::steer(uint64_t nowMs) {
  stepAt_ = nowMs + kStepEveryMs;
  if (!thermostat_.step(settings_, nowMs)) return;
  board_.drive(thermostat_.drive());
  publishState();
  reportAt_ = nowMs;
}

void Program::report(uint64_t nowMs) {
  reportAt_ = nowMs + intervalMs_;
  Entry entry;
  entry.monotonicMs = nowMs;
  entry.sequence = sequence_++;
  if (climate_) {
    entry.add("temperature", climate_->celsius, 2);
    entry.add("humidity", climate_->humidityPercent, 1);
  }
  if (options_.isThermostat) {
    entry.add("heating", thermostat_.drive() == Drive::kHeating);
    entry.add("cooling", thermostat_.drive() == Drive::kCooling);
    const bool oneTarget = settings_.mode == Mode::kHeat || settings_.mode == Mode::kCool;
    if (oneTarget) entry.add("target_temperature", settings_.target, 2);
    publishState();
  }
  if (board_.signal() != 0) entry.add("rssi", board_.signal(), 0);
  entry.add("uptime", static_cast<double>(nowMs / 1000), 0);
  entry.add("free_heap", board_.freeHeap(), 0);
  backlog_.add(entry);
}

void Program::keepLink(uint64_t nowMs, bool networkUp) {
  switch (linkState_) {
    case LinkState::kWaiting:
      if (!networkUp || nowMs < retryAt_) return;
      linkState_ = LinkState::kConnecting;
      linkSince_ = nowMs;
      link_.connect();
      return;
    case LinkState::kConnecting:
      if (nowMs - linkSince_ > kConnectTimeoutMs) link_.drop();
      return;
    case LinkState::kConnected:
      // A half-open link takes everything and acknowledges nothing.
      if (deliveryId_ != 0 && nowMs - deliverySince_ > kAcknowledgeTimeoutMs) link_.drop();
      return;
  }
}

void Program::deliver(uint64_t nowMs) {
  if (linkState_ != LinkState::kConnected || deliveryId_ != 0 || backlog_.size() == 0) return;
  if (epochOffset_) {
    const std::vector<Entry> entries = backlog_.oldest(kEntriesPerMessage, deliveryEnd_);
    deliveryId_ = link_.publish(topics_.telemetry(), encodeEntries(entries, *epochOffset_), false);
    deliverySince_ = nowMs;
    return;
  }
  // Without the time of day only what is new can be said: the server stamps it. The rest waits for the time.
  const Entry* newest = backlog_.newest();
  if (nowMs - newest->monotonicMs > kFreshMs) return;
  if (link_.publish(topics_.telemetry(), encodeUntimed(*newest), false) != 0) backlog_.removeNewest();
}

void Program::onConnected(uint64_t nowMs) {
  linkState_ = LinkState::kConnected;
  linkSince_ = nowMs;
  deliveryId_ = 0;
  board_.log("link: connected");
  link_.subscribe(topics_.commands());
  link_.publish(topics_.status(), "online", true);
  link_.publish(topics_.info(), info(), true);
  publishState();
}

void Program::onDisconnected(uint64_t nowMs, const std::string& why) {
  if (linkState_ == LinkState::kWaiting) return;
  const bool wasStable = linkState_ == LinkState::kConnected && nowMs - linkSince_ >= kStableLinkMs;
  if (wasStable) backOff_.reset();
  linkState_ = LinkState::kWaiting;
  // What was under way stays in the backlog: the server keeps a reading that it gets twice once.
  deliveryId_ = 0;
  const uint32_t waitMs = backOff_.nextMs(board_.chance());
  retryAt_ = nowMs + waitMs;
  board_.log("link: " + why + ", next try in " + std::to_string(waitMs) + " ms");
}

void Program::onPublished(uint16_t packetId) {
  if (packetId == 0 || packetId != deliveryId_) return;
  deliveryId_ = 0;
  backlog_.removeBefore(deliveryEnd_);
}

void Program::onMessage(const std::string& topic, const std::string& payload, uint64_t nowMs) {
  const std::optional<std::string> name = topics_.commandName(topic);
  if (!name) return;
  std::optional<int64_t> epochMs;
  if (epochOffset_) epochMs = static_cast<int64_t>(nowMs) + *epochOffset_;
  const std::optional<Command> command = readCommand(*name, payload, epochMs);
  if (!command) {
    board_.log("command " + *name + ": malformed or too late");
    return;
  }
  run(*command, nowMs);
}

void Program::run(const Command& command, uint64_t nowMs) {
  const ClimateSettings before = settings_;
  const std::string reason = apply(command, nowMs);
  if (!reason.empty()) {
    settings_ = before;
    link_.publish(topics_.response(), encodeResponse(command, "rejected", reason), false);
    return;
  }
  link_.publish(topics_.response(), encodeResponse(command, "accepted"), false);
  publishState();
  link_.publish(topics_.response(), encodeResponse(command, "applied"), false);
}

/// Does it; the reason in words when it cannot be done.
std::string Program::apply(const Command& command, uint64_t nowMs) {
  if (command.name == "climate" && options_.isThermostat) {
    const ClimateOutcome outcome = changeClimate(settings_, command.args, options_.limits);
    if (!outcome.settings) return outcome.reason;
    settings_ = *outcome.settings;
    board_.save(settings_);
    steer(nowMs);
    reportAt_ = nowMs;
    return "";
  }
  if (command.name == "identify") {
    const std::optional<uint32_t> seconds = secondsOf(command, 60, 5);
    if (!seconds) return "seconds must be a whole number from 1 to 60";
    board_.identify(*seconds);
    return "";
  }
  if (command.name == "interval") {
    const std::optional<uint32_t> seconds = secondsOf(command, kMaxIntervalSeconds, std::nullopt);
    if (!seconds) return "seconds must be a whole number from 1 to 3600";
    intervalMs_ = *seconds * 1000ULL;
    reportAt_ = nowMs;
    return "";
  }
  return "unknown command " + command.name;
}

void Program::publishState() {
  if (!options_.isThermostat || linkState_ != LinkState::kConnected) return;
  link_.publish(topics_.state(), state(), true);
}

std::string Program::state() const {
  JsonWriter json;
  json.beginObject().key("climate").beginObject();
  json.key("mode").value(nameOf(settings_.mode));
  json.key("action").value(actionOf(thermostat_.drive(), settings_.mode));
  json.key("target").value(settings_.target, 2);
  json.key("target_low").value(settings_.targetLow, 2);
  json.key("target_high").value(settings_.targetHigh, 2);
  if (climate_) json.key("current").value(climate_->celsius, 2);
  if (thermostat_.reason().empty()) {
    json.key("reason").null();
  } else {
    json.key("reason").value(thermostat_.reason());
  }
  return json.endObject().endObject().text();
}

std::string Program::info() const {
  JsonWriter json;
  json.beginObject();
  json.key("model").value(options_.isThermostat ? "ESP32 thermostat" : "ESP32 climate node");
  json.key("firmware").value(kFirmware);
  json.key("interval").value(static_cast<int64_t>(intervalMs_ / 1000));
  json.key("sleeps").value(false);
  json.key("metrics").beginArray();
  const auto metric = [&json](const char* name, const char* unit) {
    json.beginObject().key("name").value(name).key("unit").value(unit).endObject();
  };
  metric("temperature", "°C");
  metric("humidity", "%");
  if (options_.isThermostat) {
    metric("target_temperature", "°C");
    metric("heating", "");
    metric("cooling", "");
  }
  metric("rssi", "dBm");
  metric("uptime", "s");
  metric("free_heap", "B");
  json.endArray();
  json.key("commands").beginArray();
  if (options_.isThermostat) json.value("climate");
  json.value("identify").value("interval").endArray();
  if (options_.isThermostat) {
    const ClimateLimits& limits = options_.limits;
    json.key("climate").beginObject().key("modes").beginArray();
    for (const char* name : kModeNames) json.value(name);
    json.endArray();
    json.key("minTarget").value(limits.minTarget, 2).key("maxTarget").value(limits.maxTarget, 2);
    json.key("step").value(limits.step, 2).key("deadband").value(limits.deadband, 2).endObject();
  }
  return json.endObject().text();
}

}  // namespace hearth
