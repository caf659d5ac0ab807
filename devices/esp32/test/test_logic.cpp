#include "../src/logic/back_off.h"
#include "../src/logic/backlog.h"
#include "../src/logic/climate.h"
#include "../src/logic/command.h"
#include "../src/logic/sht31_data.h"
#include "../src/logic/topics.h"
#include "check.h"
#include "vectors.h"

using namespace hearth;

TEST("waits longer each time, with jitter") {
  BackOff low;
  BackOff high;
  for (const uint32_t nominal : {1000u, 2000u, 4000u, 8000u, 16000u, 32000u, 60000u, 60000u}) {
    EQUAL(low.nextMs(0), nominal * 7 / 10);
    EQUAL(high.nextMs(60), nominal * 13 / 10);
  }
  low.reset();
  EQUAL(low.nextMs(0), 700u);
}

TEST("has the topics of the vectors") {
  const JsonValue table = loadVectors("topics");
  const Topics topics(at(table, "deviceId").text);
  const JsonValue& expected = at(table, "topics");
  EQUAL(topics.telemetry(), at(expected, "telemetry").text);
  EQUAL(topics.status(), at(expected, "status").text);
  EQUAL(topics.info(), at(expected, "info").text);
  EQUAL(topics.state(), at(expected, "state").text);
  EQUAL(topics.response(), at(expected, "response").text);
  EQUAL(topics.commands(), at(expected, "commands").text);
}

TEST("encodes telemetry as the vectors say, byte for byte") {
  const JsonValue table = loadVectors("telemetry");
  for (const JsonValue& vector : at(table, "vectors").items) {
    std::vector<Entry> entries;
    for (const JsonValue& from : at(vector, "entries").items) {
      Entry entry;
      entry.monotonicMs = static_cast<uint64_t>(at(from, "ts").number) - 1000;
      entry.sequence = static_cast<uint32_t>(at(from, "seq").number);
      // The names must outlive the entry; the vectors do.
      const JsonValue& metrics = at(from, "metrics");
      for (size_t i = 0; i < metrics.keys.size(); ++i) {
        const JsonValue& value = metrics.items[i];
        if (value.isNumber()) entry.add(metrics.keys[i].c_str(), value.number, 2);
        else entry.add(metrics.keys[i].c_str(), value.truth);
      }
      entries.push_back(entry);
    }
    EQUAL(encodeEntries(entries, 1000), at(vector, "payload").text);
  }
}

TEST("leaves out the time while it is unknown") {
  Entry entry;
  entry.sequence = 3;
  entry.add("heating", true);
  EQUAL(encodeUntimed(entry), "{\"heating\":true,\"seq\":3}");
}

TEST("reads commands as the vectors say") {
  const JsonValue table = loadVectors("commands");
  const Topics topics(at(table, "deviceId").text);
  const auto nowMs = static_cast<int64_t>(at(table, "nowMs").number);
  for (const JsonValue& vector : at(table, "vectors").items) {
    const auto name = topics.commandName(at(vector, "topic").text);
    const auto command =
        name ? readCommand(*name, at(vector, "payload").text, nowMs) : std::optional<Command>();
    const JsonValue& expected = at(vector, "expected");
    std::string actual = "null";
    if (command) {
      actual = "{args=" + spell(command->args) + ";id=\"" + command->id + "\";name=\"" + command->name + "\";}";
    }
    EQUAL(at(vector, "name").text + ": " + actual, at(vector, "name").text + ": " + spell(expected));
  }
}

TEST("believes a command while the time is unknown") {
  const std::string payload = "{\"id\":\"a\",\"args\":{},\"expiresAt\":1}";
  TRUE(readCommand("x", payload, std::nullopt));
  TRUE(!readCommand("x", payload, 2));
  TRUE(!readCommand("x", payload + std::string(3000, ' '), std::nullopt));
}

TEST("changes the climate as the vectors say") {
  const JsonValue table = loadVectors("climate-changes");
  const JsonValue& from = at(table, "before");
  const JsonValue& capabilities = at(table, "capabilities");
  const ClimateLimits limits{at(capabilities, "minTarget").number, at(capabilities, "maxTarget").number,
                             at(capabilities, "step").number, at(capabilities, "deadband").number};
  const ClimateSettings before{*modeNamed(at(from, "mode").text), at(from, "target").number,
                               at(from, "target_low").number, at(from, "target_high").number};
  for (const JsonValue& vector : at(table, "vectors").items) {
    const ClimateOutcome outcome = changeClimate(before, at(vector, "args"), limits);
    std::string actual = "null";
    if (outcome.settings) {
      JsonWriter json;
      json.beginObject().key("mode").value(nameOf(outcome.settings->mode));
      json.key("target").value(outcome.settings->target, 2);
      json.key("target_low").value(outcome.settings->targetLow, 2);
      json.key("target_high").value(outcome.settings->targetHigh, 2).endObject();
      actual = spell(*JsonParser::parse(json.text()));
    }
    EQUAL(outcome.reason.empty(), outcome.settings.has_value());
    EQUAL(at(vector, "name").text + ": " + actual,
          at(vector, "name").text + ": " + spell(at(vector, "expected")));
  }
}

TEST("keeps the newest readings and counts what it lost") {
  Backlog<3> backlog;
  for (uint32_t i = 0; i < 5; ++i) {
    Entry entry;
    entry.sequence = i;
    backlog.add(entry);
  }
  EQUAL(backlog.dropped(), 2u);
  uint64_t end = 0;
  const auto entries = backlog.oldest(2, end);
  EQUAL(entries.size(), 2u);
  EQUAL(entries[0].sequence, 2u);
  backlog.add(Entry{});
  backlog.removeBefore(end);
  EQUAL(backlog.size(), 2u);
  backlog.removeBefore(end);
  EQUAL(backlog.size(), 2u);
  backlog.removeBefore(1000);
  EQUAL(backlog.size(), 0u);
  TRUE(backlog.newest() == nullptr);
}

TEST("reads an SHT31, and believes its checksum") {
  // 0xbeef gives 0x92: the example of the data sheet.
  const uint8_t example[] = {0xbe, 0xef};
  EQUAL(static_cast<int>(sht31Checksum(example, 2)), 0x92);
  uint8_t data[kSht31Bytes] = {0x66, 0x66, 0, 0x80, 0x00, 0};
  data[2] = sht31Checksum(data, 2);
  data[5] = sht31Checksum(data + 3, 2);
  const auto climate = decodeSht31(data);
  TRUE(climate);
  TRUE(climate->celsius > 24.99 && climate->celsius < 25.01);
  TRUE(climate->humidityPercent > 49.9 && climate->humidityPercent < 50.1);
  data[0] ^= 1;
  TRUE(!decodeSht31(data));
}
