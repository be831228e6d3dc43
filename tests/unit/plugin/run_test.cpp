// One run: whatever a collector does becomes an outcome.

#include "plugin/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

#include "plugin/one_line.h"
#include "support.h"

namespace crm::plugin::testing {
namespace {

using ::testing::HasSubstr;

template <class Error>
Outcome run_that_throws(const Error& error) {
  return run([&]() -> Report { throw error; });
}

template <class Error>
Fault fault_of(const Error& error) {
  const Outcome outcome = run_that_throws(error);
  EXPECT_FALSE(outcome.report.has_value());
  EXPECT_EQ(outcome.document, "");
  EXPECT_NE(outcome.error, nullptr);
  return outcome.fault;
}

// A run of the plugin `name` with one option.
Outcome run_of(const std::string& name, const std::string& option, const std::string& value) {
  const Folder folder({name});
  const Plugins plugins = load_all(folder, {name}, {{option, value}});
  Outcome outcome = run_once(**plugins.collectors.at(0));
  outcome.report.reset();  // of the plugin's making, and it goes now
  outcome.error = nullptr;
  return outcome;
}

TEST(Run, ThatIsGoodHasAReportAndItsBytes) {
  const Outcome outcome = run([] {
    Report report;
    report.document = share({{"value", 1.5}, {"name", "Zoë"}, {"none", nullptr}});
    report.samples = {{.family = "crm_test", .value = 1}};
    return report;
  });
  EXPECT_EQ(outcome.fault, Fault::none);
  EXPECT_EQ(outcome.document, R"({"value":1.5,"name":"Zoë","none":null})") << "in the order in which it was written";
  ASSERT_TRUE(outcome.report.has_value());
  EXPECT_EQ(outcome.report->samples.size(), 1U);
  EXPECT_EQ(outcome.what, "");
  EXPECT_EQ(outcome.error, nullptr);
  EXPECT_GE(outcome.duration.count(), 0);
}

TEST(Run, TellsWhatWasThrownApart) {
  EXPECT_EQ(fault_of(SourceUnavailable("away")), Fault::unavailable);
  EXPECT_EQ(fault_of(DeadlineExceeded("late")), Fault::timeout);
  EXPECT_EQ(fault_of(Forbidden("no")), Fault::forbidden);
  EXPECT_EQ(fault_of(BadParameter("cursor", "none of ours")), Fault::parameter);
  EXPECT_EQ(fault_of(ContractError("no column")), Fault::contract);
  EXPECT_EQ(fault_of(BadValue("NaN")), Fault::defect);
  EXPECT_EQ(fault_of(UsageError("undeclared")), Fault::defect);
  EXPECT_EQ(fault_of(ConfigError("key", "too late")), Fault::defect);
  EXPECT_EQ(fault_of(std::runtime_error("anything")), Fault::defect);
  EXPECT_EQ(fault_of(std::bad_alloc()), Fault::defect);
  EXPECT_EQ(fault_of(42), Fault::defect);
}

TEST(Run, SaysWhatWasThrown) {
  EXPECT_EQ(run_that_throws(SourceUnavailable("the database is away")).what, "the database is away");
  EXPECT_EQ(run_that_throws(42).what, "it threw something that is no std::exception");
}

TEST(Run, KeepsWhatWasThrown) {
  const Outcome outcome = run_that_throws(Forbidden("agent 'x' is no number"));
  EXPECT_THROW(std::rethrow_exception(outcome.error), Forbidden);
}

TEST(Run, OfAPluginThatThrowsIsADefect) {
  EXPECT_EQ(run_of("throws", "throw", "exception").fault, Fault::defect);
  EXPECT_EQ(run_of("throws", "throw", "exception").what, "it throws, in two lines") << "one line for the log";
  EXPECT_EQ(run_of("throws", "throw", "own").what, "an error of the plugin's own type");
  EXPECT_EQ(run_of("throws", "throw", "int").what, "it threw something that is no std::exception");
  EXPECT_EQ(run_of("throws", "throw", "int").fault, Fault::defect);
}

TEST(Run, KnowsTheErrorsOfTheSdkAcrossTheBorderOfALibrary) {
  // The plugin has copies of these types of its own (RTLD_LOCAL).
  EXPECT_EQ(run_of("throws", "throw", "unavailable").fault, Fault::unavailable);
  EXPECT_EQ(run_of("throws", "throw", "deadline").fault, Fault::timeout);
  EXPECT_EQ(run_of("throws", "throw", "forbidden").fault, Fault::forbidden);
  EXPECT_EQ(run_of("throws", "throw", "contract").fault, Fault::contract);
}

struct Garbage {
  std::string kind;
  std::string what;
};

class RunOfGarbage : public ::testing::TestWithParam<Garbage> {};

TEST_P(RunOfGarbage, IsADefectThatNamesThePlace) {
  const Outcome outcome = run_of("garbage", "garbage", GetParam().kind);
  EXPECT_EQ(outcome.fault, Fault::defect);
  EXPECT_EQ(outcome.document, "");
  EXPECT_THAT(outcome.what, HasSubstr(GetParam().what));
}

INSTANTIATE_TEST_SUITE_P(Plugin, RunOfGarbage,
                         ::testing::Values(Garbage{"nothing", "its document is no JSON object"},
                                           Garbage{"array", "its document is no JSON object"},
                                           Garbage{"nan", "/rate/value in its document is not a finite number"},
                                           Garbage{"utf8", "its document has text that is no UTF-8"},
                                           Garbage{"key", "/\xEF\xBF\xBD in its document is not a finite number"},
                                           Garbage{"discarded", "/answer in its document is no JSON value"},
                                           Garbage{"deep", "in its document is nested too deep"}),
                         [](const auto& garbage) { return garbage.param.kind; });

TEST(RunOfGarbageSamples, IsGoodUntilTheyAreRendered) {
  // Samples are checked against their families where they are rendered, by metrics/.
  for (const char* kind : {"family", "labels", "nan_sample"}) {
    EXPECT_EQ(run_of("garbage", "garbage", kind).fault, Fault::none) << kind;
  }
}

TEST(Run, InfinityIsNoNumberEither) {
  const Outcome outcome = run([] {
    Report report;
    report.document = share({{"agents", Json::array({1, -std::numeric_limits<double>::infinity()})}});
    return report;
  });
  EXPECT_EQ(outcome.what, "/agents/1 in its document is not a finite number");
}

TEST(Run, OfADeepDocumentIsGoodUntil64Levels) {
  const auto nested = [](int levels) {
    Json json = 1;
    for (int level = 0; level < levels; ++level) json = Json{{"in", json}};
    return run([&] { return Report{.document = share(json)}; }).fault;
  };
  EXPECT_EQ(nested(64), Fault::none);
  EXPECT_EQ(nested(65), Fault::defect);
}

TEST(FaultName, IsAWord) {
  EXPECT_EQ(to_string(Fault::none), "none");
  EXPECT_EQ(to_string(Fault::unavailable), "unavailable");
  EXPECT_EQ(to_string(Fault::timeout), "timeout");
  EXPECT_EQ(to_string(Fault::forbidden), "forbidden");
  EXPECT_EQ(to_string(Fault::parameter), "parameter");
  EXPECT_EQ(to_string(Fault::contract), "contract");
  EXPECT_EQ(to_string(Fault::defect), "defect");
}

TEST(OneLine, IsReadableWhateverItWas) {
  EXPECT_EQ(one_line("as it is: Zoë"), "as it is: Zoë");
  EXPECT_EQ(one_line("a\nb\tc\x7f"), "a b c ");
  EXPECT_EQ(one_line("\xff!"), "\xEF\xBF\xBD!");
  EXPECT_EQ(one_line(nullptr), "(it gave no text)");
  EXPECT_EQ(one_line(""), "");
  EXPECT_EQ(one_line(std::string(5000, 'x').c_str()), std::string(1000, 'x'));
}

class SilentError : public std::exception {
 public:
  const char* what() const noexcept override { return nullptr; }
};

TEST(Run, SurvivesAnErrorWithoutText) {
  EXPECT_EQ(run_that_throws(SilentError()).what, "(it gave no text)");
}

}  // namespace
}  // namespace crm::plugin::testing
