// The link of the program over espMqttClient. The client runs in `loop`, not in a task of its own, so that the program
// sees everything on one thread.
#pragma once

#include <WiFi.h>
#include <espMqttClient.h>

#include <cstdint>
#include <functional>
#include <string>

#include "../logic/command.h"
#include "../logic/ports.h"
#include "../logic/topics.h"
#include "config.h"

class MqttLink : public hearth::Link {
 public:
  std::function<void()> onConnected;
  std::function<void(const std::string& why)> onDisconnected;
  std::function<void(uint16_t packetId)> onPublished;
  std::function<void(const std::string& topic, const std::string& payload)> onMessage;

  void begin() {
    const hearth::Topics topics(HEARTH_DEVICE_ID);
    // espMqttClient keeps pointers to these.
    will_ = topics.status();
#ifdef HEARTH_CA_PEM
    client_.setCACert(HEARTH_CA_PEM);
#endif
    client_.setServer(HEARTH_BROKER_HOST, HEARTH_BROKER_PORT);
    client_.setClientId(HEARTH_DEVICE_ID);
    client_.setCredentials(HEARTH_DEVICE_ID, HEARTH_SECRET);
    client_.setCleanSession(true);
    client_.setKeepAlive(kKeepAliveSeconds);
    client_.setWill(will_.c_str(), 1, true, "offline");
    client_.onConnect([this](bool) { onConnected(); });
    client_.onDisconnect([this](espMqttClientTypes::DisconnectReason reason) {
      onDisconnected(std::string("MQTT reason ") + std::to_string(static_cast<int>(reason)));
    });
    client_.onPublish([this](uint16_t packetId) { onPublished(packetId); });
    client_.onMessage([this](const espMqttClientTypes::MessageProperties&, const char* topic,
                             const uint8_t* payload, size_t length, size_t index, size_t total) {
      receive(topic, payload, length, index, total);
    });
  }

  void loop() { client_.loop(); }

  void connect() override { client_.connect(); }
  void drop() override {
    client_.disconnect(true);
    // From a client that was not connected yet, no callback would come.
    onDisconnected("given up");
  }

  uint16_t publish(const std::string& topic, const std::string& payload, bool retain) override {
    return client_.publish(topic.c_str(), 1, retain, payload.c_str());
  }

  bool subscribe(const std::string& filter) override { return client_.subscribe(filter.c_str(), 2) != 0; }

 private:
  static constexpr uint16_t kKeepAliveSeconds = 30;

  /// A message may come in pieces; one that is longer than a command can be is dropped whole.
  void receive(const char* topic, const uint8_t* payload, size_t length, size_t index, size_t total) {
    if (total > hearth::kMaxCommandBytes) return;
    if (index == 0) pieces_.clear();
    pieces_.append(reinterpret_cast<const char*>(payload), length);
    if (pieces_.size() == total) onMessage(topic, pieces_);
  }

#ifdef HEARTH_CA_PEM
  espMqttClientSecure client_{espMqttClientTypes::UseInternalTask::NO};
#else
  espMqttClient client_{espMqttClientTypes::UseInternalTask::NO};
#endif
  std::string will_;
  std::string pieces_;
};
