// A test is a function; a check that fails says where and counts.
#pragma once

#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

struct Tests {
  static std::vector<std::pair<std::string, std::function<void()>>>& all() {
    static std::vector<std::pair<std::string, std::function<void()>>> tests;
    return tests;
  }

  Tests(const char* name, std::function<void()> body) { all().emplace_back(name, std::move(body)); }

  static int& failures() {
    static int count = 0;
    return count;
  }
};

template <typename A, typename B>
void checkEqual(const A& actual, const B& expected, const char* what, const char* file, int line) {
  if (actual == expected) return;
  ++Tests::failures();
  std::cout << file << ':' << line << ": " << what << " is " << actual << ", not " << expected << '\n';
}

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)
#define TEST(name) \
  static void JOIN(test, __LINE__)(); \
  static const Tests JOIN(added, __LINE__)(name, JOIN(test, __LINE__)); \
  static void JOIN(test, __LINE__)()
#define EQUAL(actual, expected) checkEqual((actual), (expected), #actual, __FILE__, __LINE__)
#define TRUE(actual) EQUAL(static_cast<bool>(actual), true)
