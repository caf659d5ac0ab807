// The link of the program over a plain socket, so that the very program of the board runs on a desk against a real broker.
// A test's tool: it trusts the broker's lengths, knows no TLS, and gives up at the first surprise.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <string>

#include "../../src/logic/ports.h"

class PosixLink : public hearth::Link {
 public:
  std::function<void()> onConnected;
  std::function<void(const std::string&)> onDisconnected;
  std::function<void(uint16_t)> onPublished;
  std::function<void(const std::string&, const std::string&)> onMessage;

  PosixLink(uint16_t port, std::string deviceId, std::string secret)
      : port_(port), deviceId_(std::move(deviceId)), secret_(std::move(secret)) {}

  void connect() override {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    received_.clear();
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      fail("nobody there");
      return;
    }
    // Clean session, will at QoS 1 retained, user name and password.
    std::string body = text("MQTT") + std::string("\x04\xee\x00\x1e", 4) + text(deviceId_);
    body += text("hearth/" + deviceId_ + "/status") + text("offline") + text(deviceId_) + text(secret_);
    send('\x10', body);
  }

  void drop() override { fail("dropped"); }

  uint16_t publish(const std::string& topic, const std::string& payload, bool retain) override {
    const uint16_t id = nextId();
    const char first = static_cast<char>(0x32 | (retain ? 1 : 0));
    return send(first, text(topic) + number(id) + payload) ? id : 0;
  }

  bool subscribe(const std::string& filter) override {
    return send('\x82', number(nextId()) + text(filter) + '\x02');
  }

  /// Waits up to `ms` for bytes and handles what came.
  void loop(int ms) {
    pollfd waiting{socket_, POLLIN, 0};
    if (socket_ < 0 || ::poll(&waiting, 1, ms) <= 0) {
      if (socket_ < 0) ::poll(nullptr, 0, ms);
      return;
    }
    char buffer[4096];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) {
      fail("connection lost");
      return;
    }
    received_.append(buffer, static_cast<size_t>(count));
    while (socket_ >= 0 && takePacket()) continue;
  }

 private:
  static std::string number(uint16_t value) {
    return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
  }
  static std::string text(const std::string& value) {
    return number(static_cast<uint16_t>(value.size())) + value;
  }
  uint16_t at(size_t index) const {
    return static_cast<uint16_t>(static_cast<uint8_t>(received_[index]) << 8 |
                                 static_cast<uint8_t>(received_[index + 1]));
  }
  uint16_t nextId() { return lastId_ = static_cast<uint16_t>(lastId_ % 65535 + 1); }

  bool send(char first, const std::string& body) {
    if (socket_ < 0) return false;
    std::string packet(1, first);
    size_t rest = body.size();
    do {
      packet += static_cast<char>((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
      rest >>= 7;
    } while (rest > 0);
    packet += body;
    return ::send(socket_, packet.data(), packet.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(packet.size());
  }

  bool takePacket() {
    size_t length = 0;
    size_t header = 1;
    for (int shift = 0;; shift += 7) {
      if (header >= received_.size()) return false;
      const auto digit = static_cast<uint8_t>(received_[header++]);
      length |= static_cast<size_t>(digit & 0x7f) << shift;
      if ((digit & 0x80) == 0) break;
    }
    if (received_.size() < header + length) return false;
    handle(static_cast<uint8_t>(received_[0]), header, length);
    received_.erase(0, header + length);
    return true;
  }

  void handle(uint8_t first, size_t from, size_t length) {
    switch (first & 0xf0) {
      case 0x20:
        if (received_[from + 1] == 0) onConnected();
        else fail("refused with " + std::to_string(received_[from + 1]));
        break;
      case 0x30: {
        const size_t topicLength = at(from);
        const int qos = first >> 1 & 3;
        const size_t payload = from + 2 + topicLength + (qos > 0 ? 2 : 0);
        const std::string topic = received_.substr(from + 2, topicLength);
        if (qos > 0) send(qos == 1 ? '\x40' : '\x50', number(at(from + 2 + topicLength)));
        onMessage(topic, received_.substr(payload, from + length - payload));
        break;
      }
      case 0x40:
        onPublished(at(from));
        break;
      case 0x60:
        send('\x70', number(at(from)));
        break;
      default:
        break;
    }
  }

  void fail(const std::string& why) {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    onDisconnected(why);
  }

  uint16_t port_;
  std::string deviceId_;
  std::string secret_;
  std::string received_;
  int socket_ = -1;
  uint16_t lastId_ = 0;
};
