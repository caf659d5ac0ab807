#include <limits>

#include "../src/logic/json_value.h"
#include "../src/logic/json_writer.h"
#include "check.h"
#include "vectors.h"

using hearth::JsonParser;
using hearth::JsonWriter;

TEST("writes numbers without needless digits, and no NaN") {
  const auto number = [](double value, int decimals) { return JsonWriter().value(value, decimals).text(); };
  EQUAL(number(21.4, 2), "21.4");
  EQUAL(number(40, 1), "40");
  EQUAL(number(-12.25, 2), "-12.25");
  EQUAL(number(-0.001, 2), "0");
  EQUAL(number(100, 0), "100");
  EQUAL(number(std::numeric_limits<double>::quiet_NaN(), 2), "null");
  EQUAL(number(std::numeric_limits<double>::infinity(), 2), "null");
  EQUAL(number(1e300, 2), "null");
}

TEST("escapes texts") {
  EQUAL(JsonWriter().value(std::string("a\"b\\c\n°")).text(), "\"a\\\"b\\\\c\\u000a°\"");
}

TEST("reads what it wrote") {
  const std::string text = "{\"a\":[1,-2.5,true,null,\"x\"],\"b\":{\"c\":{}}}";
  const auto value = JsonParser::parse(text);
  TRUE(value);
  EQUAL(spell(*value), "{a=[1;-2.5;true;null;\"x\";];b={c={};};}");
}

TEST("reads escapes, pairs of surrogates included") {
  const auto value = JsonParser::parse("\"\\u00b0\\ud83d\\ude00\\/\\t\"");
  TRUE(value);
  EQUAL(value->text, "°😀/\t");
}

TEST("takes the last of two equal keys") {
  const auto value = JsonParser::parse("{\"a\":1,\"a\":2}");
  TRUE(value);
  EQUAL(value->find("a")->number, 2);
}

TEST("refuses what is no JSON") {
  for (const char* text :
       {"", " ", "{", "}", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "01", "1.", ".5", "+1", "1e", "--1",
        "nul", "truefalse", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"", "\"\n\"", "[1] 2", "1e400",
        "NaN", "'a'"}) {
    if (JsonParser::parse(text)) EQUAL(std::string(text), "refused");
  }
}

TEST("stops at its bounds") {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  TRUE(!JsonParser::parse(deep));
  std::string wide = "[0";
  for (int i = 0; i < 100; ++i) wide += ",0";
  TRUE(!JsonParser::parse(wide + "]"));
  TRUE(JsonParser::parse(wide + "]", {8, 1000}));
}
