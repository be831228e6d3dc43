#include "api/query.h"

#include <gtest/gtest.h>

#include "fake_house.h"

namespace crm::api {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

Query parse(const Given& given) {
  return parse_query(given, *FakeHouse().find("kpi"));
}

// "parameter: message"
std::string refusal(const Given& given) {
  try {
    parse(given);
  } catch (const BadParameter& error) {
    return error.parameter() + ": " + error.what();
  }
  return "accepted";
}

TEST(Query, TakesWindowParametersAsTheyAre) {
  const Query query = parse({{"dateRange", "week"}, {"startDate", "2026-11-01"}, {"endDate", ""}});
  EXPECT_EQ(query.window.date_range, "week");
  EXPECT_EQ(query.window.start_date, "2026-11-01");
  EXPECT_EQ(query.window.end_date, "");
  EXPECT_EQ(parse({}).window.date_range, std::nullopt);
}

TEST(Query, FillsInDefaultsOfWhatIsNotGiven) {
  EXPECT_EQ(parse({}).params.integer("limit"), 10);
  EXPECT_EQ(parse({}).params.text("word"), "none");
  EXPECT_EQ(parse({{"limit", "100"}}).params.integer("limit"), 100);
}

TEST(Query, HasOneKeyForEqualValuesAndAnotherForOthers) {
  EXPECT_EQ(parse({}).params_key, parse({{"word", "none"}, {"limit", "10"}}).params_key);
  EXPECT_NE(parse({}).params_key, parse({{"limit", "11"}}).params_key);
  EXPECT_NE(parse({{"word", "a;limit=2:10;"}}).params_key, parse({{"word", "a"}}).params_key);
}

TEST(Query, RefusesNumbersThatAreNoneOrOutOfRange) {
  for (const std::string value : {"", "0", "101", "-1", "+5", "5.0", " 5", "5x", "ten", "99999999999999999999"}) {
    EXPECT_EQ(refusal({{"limit", value}}), "limit: limit is '" + value + "': use a whole number from 1 to 100");
  }
  EXPECT_EQ(refusal({{"limit", "1"}}), "accepted");
}

TEST(Query, RefusesAnUnknownParameterWithTheNameThatWasMeant) {
  EXPECT_EQ(refusal({{"daterange", "week"}}), "daterange: unknown parameter 'daterange'; did you mean 'dateRange'?");
  EXPECT_EQ(refusal({{"LIMIT", "5"}}), "LIMIT: unknown parameter 'LIMIT'; did you mean 'limit'?");
  EXPECT_EQ(refusal({{"from", "x"}}),
            "from: unknown parameter 'from'; kpi takes dateRange, startDate, endDate, limit, word");
}

TEST(Query, RefusesAParameterGivenTwice) {
  EXPECT_EQ(refusal({{"limit", "5"}, {"limit", "5"}}), "limit: 'limit' is given twice");
  EXPECT_EQ(refusal({{"dateRange", "today"}, {"dateRange", "week"}}), "dateRange: 'dateRange' is given twice");
}

TEST(Query, ShowsOnlyTheBeginningOfALongName) {
  const std::string name(5'000, 'x');
  const std::string message = refusal({{name, "1"}}).substr(name.size());
  EXPECT_LT(message.size(), 200U);
}

}  // namespace
}  // namespace crm::api
