#include "api/cursor.h"

#include <gtest/gtest.h>

#include <crm/sdk/testing/fake_calendar.h>

namespace crm::api {
namespace {

const Cursor cursor{testing::at("2026-11-23T12:00:00.123456Z"), {"2026-11-23T11:00:00Z", "m-17"}};

TEST(Cursor, ReadsBackWhatItSays) {
  EXPECT_EQ(decode_cursor(encode(cursor)), cursor);
  const Cursor odd{cursor.window_end, {"", "ü \"x\"", std::string(300, 'a')}};
  EXPECT_EQ(decode_cursor(encode(odd)), odd);
}

TEST(Cursor, IsOneWordThatNeedsNoEscapeInAUrl) {
  const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::string long_one = encode({cursor.window_end, {std::string(200, '\xff'), "?x?>>>"}});
  EXPECT_EQ(long_one.find_first_not_of(allowed), std::string::npos) << long_one;
}

TEST(Cursor, IsRefusedIfNoPageGaveIt) {
  // "x", [], [1,[]], ["2026-11-23T12:00:00Z"], ["soon",[]], ["2026-11-23T12:00:00Z",[1]]
  for (const char* word : {"", "!", "eA", "W10", "WzEsW11d", "WyIyMDI2LTExLTIzVDEyOjAwOjAwWiJd", "WyJzb29uIixbXV0",
                           "WyIyMDI2LTExLTIzVDEyOjAwOjAwWiIsWzFdXQ"}) {
    EXPECT_EQ(decode_cursor(word), std::nullopt) << word;
  }
  EXPECT_EQ(decode_cursor(std::string(2'001, 'A')), std::nullopt);
  EXPECT_EQ(decode_cursor(encode({testing::at("0001-01-01T00:00:00Z"), {"x"}})), std::nullopt);
  EXPECT_EQ(decode_cursor(encode({testing::at("1969-12-31T23:59:59Z"), {"x"}})), std::nullopt);
}

}  // namespace
}  // namespace crm::api
