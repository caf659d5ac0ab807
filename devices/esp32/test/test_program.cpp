#include "../src/logic/program.h"
#include "check.h"
#include "vectors.h"

using namespace hearth;

namespace {

constexpr int64_t kOffset = 1764000000000;

struct Sent {
  uint16_t id;
  std::string topic;
  std::string payload;
  bool retain;
};

struct FakeLink : Link {
  int connects = 0;
  int drops = 0;
  bool full = false;
  uint16_t lastId = 0;
  std::vector<Sent> sent;
  std::string filter;

  void connect() override { ++connects; }
  void drop() override { ++drops; }
  bool subscribe(const std::string& wanted) override {
    filter = wanted;
    return true;
  }
  uint16_t publish(const std::string& topic, const std::string& payload, bool retain) override {
    if (full) return 0;
    sent.push_back({++lastId, topic, payload, retain});
    return lastId;
  }

  std::vector<Sent> on(const std::string& topic) const {
    std::vector<Sent> found;
    for (const Sent& message : sent) {
      if (message.topic == topic) found.push_back(message);
    }
    return found;
  }
};

struct FakeBoard : Board {
  std::optional<Climate> climate = Climate{20, 50};
  std::vector<Drive> drives;
  std::optional<ClimateSettings> saved;
  std::vector<std::string> lines;
  uint32_t identified = 0;

  std::optional<Climate> measure() override { return climate; }
  void drive(Drive drive) override { drives.push_back(drive); }
  void save(const ClimateSettings& settings) override { saved = settings; }
  std::optional<ClimateSettings> load() override { return saved; }
  void identify(uint32_t seconds) override { identified = seconds; }
  int signal() override { return -60; }
  uint32_t freeHeap() override { return 100000; }
  uint32_t chance() override { return 30; }  // no jitter
  void log(const std::string& line) override { lines.push_back(line); }
};

struct World {
  FakeLink link;
  FakeBoard board;
  uint64_t now = 1000;
  std::unique_ptr<Program> program;

  explicit World(bool isThermostat = true) {
    ProgramOptions options;
    options.deviceId = "d";
    options.isThermostat = isThermostat;
    program = std::make_unique<Program>(options, link, board, now);
    program->setEpochOffset(kOffset);
  }

  void pass(uint64_t ms, bool networkUp = true) {
    for (const uint64_t end = now + ms; now < end; now += 100) program->tick(now, networkUp);
  }

  void connect() {
    pass(100);
    program->onConnected(now);
  }

  void acknowledgeAll() {
    for (const Sent& message : std::vector<Sent>(link.sent)) program->onPublished(message.id);
  }

  std::string command(const std::string& name, const std::string& args) {
    const size_t before = link.on("hearth/d/response").size();
    program->onMessage("hearth/d/command/" + name,
                       "{\"id\":\"a\",\"args\":" + args + ",\"expiresAt\":1764099999999}", now);
    std::string statuses;
    const auto responses = link.on("hearth/d/response");
    for (size_t i = before; i < responses.size(); ++i) {
      const auto value = JsonParser::parse(responses[i].payload);
      statuses += at(*value, "status").text + " ";
      if (value->find("reason") != nullptr) statuses += at(*value, "reason").text;
    }
    return statuses;
  }
};

}  // namespace

TEST("waits for the radio, then connects and introduces itself") {
  World world;
  world.pass(5000, false);
  EQUAL(world.link.connects, 0);
  world.connect();
  EQUAL(world.link.connects, 1);
  EQUAL(world.link.filter, "hearth/d/command/+");
  EQUAL(world.link.sent[0].topic + " " + world.link.sent[0].payload, "hearth/d/status online");
  TRUE(world.link.sent[0].retain);
  const auto info = JsonParser::parse(world.link.sent[1].payload, {8, 200});
  EQUAL(world.link.sent[1].topic, "hearth/d/info");
  EQUAL(at(*info, "model").text, "ESP32 thermostat");
  EQUAL(at(at(*info, "climate"), "maxTarget").number, 30);
  EQUAL(world.link.sent[2].topic, "hearth/d/state");
}

TEST("delivers what it measured offline, in order, one message at a time") {
  World world;
  world.pass(300000, false);
  EQUAL(world.program->waiting(), 30u);
  world.connect();
  world.pass(1000);
  EQUAL(world.link.on("hearth/d/telemetry").size(), 1u);
  const auto first = JsonParser::parse(world.link.on("hearth/d/telemetry")[0].payload, {8, 1000});
  EQUAL(first->items.size(), 20u);
  EQUAL(at(first->items[0], "seq").number, 0);
  EQUAL(at(first->items[0], "ts").number, static_cast<double>(kOffset + 1000));
  world.acknowledgeAll();
  world.pass(200);
  EQUAL(world.link.on("hearth/d/telemetry").size(), 2u);
  world.acknowledgeAll();
  world.pass(200);
  EQUAL(world.program->waiting(), 0u);
}

TEST("keeps what was not acknowledged when the link is lost") {
  World world;
  world.connect();
  world.pass(200);
  EQUAL(world.program->waiting(), 1u);
  world.program->onDisconnected(world.now, "lost");
  world.acknowledgeAll();
  EQUAL(world.program->waiting(), 1u);
  world.pass(1100);
  EQUAL(world.link.connects, 2);
  world.program->onConnected(world.now);
  world.pass(100);
  EQUAL(world.link.on("hearth/d/telemetry").size(), 2u);
  world.acknowledgeAll();
  EQUAL(world.program->waiting(), 0u);
}

TEST("waits longer between tries, and not after a link that held") {
  World world;
  world.pass(100);
  for (const uint64_t wait : {1000u, 2000u, 4000u}) {
    const int before = world.link.connects;
    world.program->onDisconnected(world.now, "refused");
    world.pass(wait - 200);
    EQUAL(world.link.connects, before);
    world.pass(400);
    EQUAL(world.link.connects, before + 1);
  }
  world.program->onConnected(world.now);
  for (int i = 0; i < 7; ++i) {
    world.pass(10000);
    world.acknowledgeAll();
  }
  const int before = world.link.connects;
  world.program->onDisconnected(world.now, "lost");
  world.pass(1200);
  EQUAL(world.link.connects, before + 1);
}

TEST("gives up a link that connects for ever or acknowledges nothing") {
  World world;
  world.pass(15300);
  TRUE(world.link.drops > 0);
  world.program->onDisconnected(world.now, "given up");
  world.pass(1200);
  world.program->onConnected(world.now);
  const int before = world.link.drops;
  world.pass(20500);
  TRUE(world.link.drops > before);
}

TEST("sends what is new without a time while the time of day is unknown") {
  World world;
  ProgramOptions options;
  options.deviceId = "d";
  world.program = std::make_unique<Program>(options, world.link, world.board, world.now);
  world.pass(30000, false);
  world.connect();
  world.pass(10000);
  const auto sent = world.link.on("hearth/d/telemetry");
  EQUAL(sent.size(), 2u);
  for (const Sent& message : sent) TRUE(JsonParser::parse(message.payload)->find("ts") == nullptr);
  EQUAL(world.program->waiting(), 3u);
}

TEST("obeys a climate command, saves it and shows it") {
  World world;
  world.connect();
  world.pass(200000);
  EQUAL(world.command("climate", "{\"mode\":\"heat\",\"target\":24}"), "accepted applied ");
  TRUE(world.board.saved && world.board.saved->target == 24);
  TRUE(world.board.drives.back() == Drive::kHeating);
  const auto state = JsonParser::parse(world.link.on("hearth/d/state").back().payload);
  const JsonValue& climate = at(*state, "climate");
  EQUAL(at(climate, "mode").text, "heat");
  EQUAL(at(climate, "action").text, "heating");
  EQUAL(at(climate, "target").number, 24);
  EQUAL(at(climate, "current").number, 20);
}

TEST("refuses what it cannot do, and changes nothing") {
  World world;
  world.connect();
  EQUAL(world.command("climate", "{\"target\":99}"), "rejected target is out of range");
  EQUAL(world.command("climate", "{\"target\":22,\"mode\":\"dry\"}"),
        "rejected mode is none of off, heat, cool, heat_cool");
  EQUAL(world.program->settings().target, 20);
  EQUAL(world.command("interval", "{\"seconds\":0}"), "rejected seconds must be a whole number from 1 to 3600");
  EQUAL(world.command("interval", "{\"seconds\":1.5}"), "rejected seconds must be a whole number from 1 to 3600");
  EQUAL(world.command("explode", "{}"), "rejected unknown command explode");
  TRUE(!world.board.saved);
}

TEST("has no climate as a plain climate node") {
  World world(false);
  world.connect();
  EQUAL(world.command("climate", "{\"target\":21}"), "rejected unknown command climate");
  EQUAL(world.link.on("hearth/d/state").size(), 0u);
  const auto info = JsonParser::parse(world.link.on("hearth/d/info")[0].payload);
  TRUE(info->find("climate") == nullptr);
}

TEST("changes the interval, and makes itself seen") {
  World world;
  world.connect();
  EQUAL(world.command("interval", "{\"seconds\":1}"), "accepted applied ");
  for (int i = 0; i < 20; ++i) {
    world.pass(500);
    world.acknowledgeAll();
  }
  TRUE(world.link.on("hearth/d/telemetry").size() >= 10);
  EQUAL(world.command("identify", "{}"), "accepted applied ");
  EQUAL(world.board.identified, 5u);
}

TEST("keeps the settings over a boot, and the relays off at first") {
  World world;
  world.board.saved = ClimateSettings{Mode::kCool, 23, 19, 24};
  ProgramOptions options;
  options.deviceId = "d";
  const Program program(options, world.link, world.board, 0);
  EQUAL(program.settings().target, 23);
  TRUE(world.board.drives.back() == Drive::kOff);
}

TEST("reports without the values of a silent sensor") {
  World world;
  world.board.climate.reset();
  world.connect();
  world.pass(200);
  const auto value = JsonParser::parse(world.link.on("hearth/d/telemetry")[0].payload);
  TRUE(value->find("temperature") == nullptr);
  TRUE(value->find("uptime") != nullptr);
}

TEST("ignores messages that are no commands for it") {
  World world;
  world.connect();
  const size_t before = world.link.sent.size();
  for (const char* topic : {"hearth/e/command/identify", "hearth/d/command/", "hearth/d/desired", ""}) {
    world.program->onMessage(topic, "{\"id\":\"a\",\"args\":{},\"expiresAt\":1764099999999}", world.now);
  }
  world.program->onMessage("hearth/d/command/identify", "{", world.now);
  EQUAL(world.link.sent.size(), before);
}
