// The part of espMqttClient 1.7 that src/hal/mqtt_link.h uses. Declarations only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>

namespace espMqttClientTypes {
enum class UseInternalTask { NO, YES };
enum class DisconnectReason : uint8_t { USER_OK };
struct MessageProperties {};
using OnConnect = std::function<void(bool sessionPresent)>;
using OnDisconnect = std::function<void(DisconnectReason reason)>;
using OnPublish = std::function<void(uint16_t packetId)>;
using OnMessage = std::function<void(const MessageProperties&, const char*, const uint8_t*, size_t, size_t, size_t)>;
}  // namespace espMqttClientTypes

struct espMqttClient {
  explicit espMqttClient(espMqttClientTypes::UseInternalTask task);
  espMqttClient& setServer(const char* host, uint16_t port);
  espMqttClient& setClientId(const char* id);
  espMqttClient& setCredentials(const char* user, const char* password);
  espMqttClient& setCleanSession(bool clean);
  espMqttClient& setKeepAlive(uint16_t seconds);
  espMqttClient& setWill(const char* topic, uint8_t qos, bool retain, const char* payload);
  espMqttClient& onConnect(espMqttClientTypes::OnConnect callback);
  espMqttClient& onDisconnect(espMqttClientTypes::OnDisconnect callback);
  espMqttClient& onPublish(espMqttClientTypes::OnPublish callback);
  espMqttClient& onMessage(espMqttClientTypes::OnMessage callback);
  bool connect();
  bool disconnect(bool force);
  uint16_t publish(const char* topic, uint8_t qos, bool retain, const char* payload);
  uint16_t subscribe(const char* filter, uint8_t qos);
  void loop();
};

struct espMqttClientSecure : espMqttClient {
  using espMqttClient::espMqttClient;
  espMqttClientSecure& setCACert(const char* pem);
};
