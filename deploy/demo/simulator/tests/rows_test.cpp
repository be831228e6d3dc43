#include "rows.h"

#include <gtest/gtest.h>

namespace crm::simulator {
namespace {

Instant at(const char* text) {
  return parse_instant(text).value();
}

TEST(RowWriter, WritesRowsAsCopyReadsThem) {
  std::string text;
  RowWriter out([&](Table, std::string_view rows) { text += rows; });
  out.row(Table::contacts).id(Uuid{0x0123456789abcdefU, 0xfedcba9876543210U}).text("tab\there, back\\slash").null();
  out.time(at("2026-11-23T22:40:18.000012Z")).number(-5).flag(true).flag(std::nullopt).end();
  out.finish();
  EXPECT_EQ(text,
            "01234567-89ab-cdef-fedc-ba9876543210\ttab\\\there, back\\\\slash\t\\N\t2026-11-23 "
            "22:40:18.000012\t-5\tt\t\\N\n");
}

TEST(RowWriter, HandsOnABatchAsSoonAsItIsFull) {
  std::vector<std::string> batches;
  RowWriter out([&](Table, std::string_view rows) { batches.emplace_back(rows); }, 4);
  out.row(Table::contacts).text("a").end();  // 2 bytes of 4
  EXPECT_TRUE(batches.empty());
  out.row(Table::contacts).text("b").end();
  EXPECT_EQ(batches, std::vector<std::string>{"a\nb\n"});
  out.row(Table::tickets).text("c").end();
  out.finish();
  EXPECT_EQ(batches, (std::vector<std::string>{"a\nb\n", "c\n"}));
  EXPECT_EQ(out.rows(Table::contacts), 2);
}

TEST(Uuid, IsOfVersionFour) {
  Random random(7);
  for (int i = 0; i < 100; ++i) {
    const std::string text = to_string(make_uuid(random, at("2026-11-23T22:40:18Z")));
    ASSERT_EQ(text.size(), 36U);
    EXPECT_EQ(text[14], '4') << text;
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
  }
}

TEST(Uuid, SharesItsBeginningWithThoseOfItsDayOnly) {
  Random random(7);
  const std::string monday = to_string(make_uuid(random, at("2026-11-23T01:00:00Z"))).substr(0, 6);
  EXPECT_EQ(to_string(make_uuid(random, at("2026-11-23T23:00:00Z"))).substr(0, 6), monday);
  EXPECT_NE(to_string(make_uuid(random, at("2026-11-24T01:00:00Z"))).substr(0, 6), monday);
}

}  // namespace
}  // namespace crm::simulator
