// Plugins of one configuration: one that is bad never keeps the others out.

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.h"

namespace crm::plugin::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string failure_of(const std::string& plugin, const Options& options = {}) {
  const Folder folder({plugin});
  const Plugins plugins = load_all(folder, {plugin}, options);
  return plugins.failed.size() == 1 ? plugins.failed.front().what : "it did not fail";
}

TEST(Plugins, AreLoadedInTheirOrderWithAllTheirCollectors) {
  const Folder folder({"options", "echo"});
  const Plugins plugins = load_all(folder, {"options", "echo"});
  EXPECT_THAT(plugins.loaded, ElementsAre("options", "echo"));
  EXPECT_THAT(sections(plugins), ElementsAre("options", "options-again", "echo"));
  EXPECT_THAT(plugins.failed, IsEmpty());
}

TEST(Plugins, ThatAreBadKeepNobodyOut) {
  const std::vector<std::string> bad = {"bad-description", "bad-descriptor",  "no-descriptor",     "null-collector",
                                        "other-abi",       "other-toolchain", "throws-in-factory", "wrong-magic",
                                        "wrong-name",      "undefined-symbol"};
  std::vector<std::string> all = bad;
  all.insert(all.begin() + 5, "echo");
  const Folder folder(all);
  all.insert(all.begin(), "missing");
  all.emplace_back("options");
  folder.copy("options");
  const Plugins plugins = load_all(folder, all);
  EXPECT_THAT(plugins.loaded, ElementsAre("echo", "options"));
  EXPECT_THAT(plugins.failed, SizeIs(bad.size() + 1)) << ::testing::PrintToString(failures(plugins));
  const Outcome outcome = run_once(**plugins.collectors.front());
  EXPECT_EQ(outcome.document, R"({"runs":1,"mostAtOnce":1,"scope":")" + Scope::everyone().key() + R"("})");
}

TEST(Plugins, WhoseFactoryThrowsAreFailures) {
  EXPECT_EQ(failure_of("throws-in-factory"), "the factory throws");
  EXPECT_EQ(failure_of("throws-in-factory", {{"throw", "int"}}),
            "its factory threw something that is no std::exception");
}

TEST(Plugins, MayThrowATypeOfTheirOwn) {
  // Its what() is code of the library, which must still be there.
  EXPECT_EQ(failure_of("throws-in-factory", {{"throw", "own"}}), "an error of the factory's own type");
}

TEST(Plugins, WithAnEmptyCollectorAreFailures) {
  EXPECT_EQ(failure_of("null-collector"), "its factory returned an empty collector");
}

TEST(Plugins, MayHaveNoCollectorsAndAreNamedThen) {
  const Folder folder({"no-collectors", "echo"});
  const Plugins plugins = load_all(folder, {"no-collectors", "echo"});
  EXPECT_THAT(plugins.failed, IsEmpty());
  EXPECT_THAT(plugins.loaded, ElementsAre("no-collectors", "echo"));
  EXPECT_THAT(plugins.without_collectors, ElementsAre("no-collectors"));
  EXPECT_THAT(sections(plugins), ElementsAre("echo"));
}

TEST(Plugins, WithABadDescriptionAreToldEveryFault) {
  EXPECT_THAT(failure_of("bad-description"),
              AllOf(StartsWith("collector 'Bad Description': its name 'Bad Description' must be lower case"),
                    HasSubstr("; it has no title; "), HasSubstr("its default window is empty")));
}

TEST(Plugins, WithABadOptionAreTheUsersToMend) {
  const Folder folder({"echo", "bad-option"});
  try {
    load_all(folder, {"echo", "bad-option"}, {{"queue.limit", std::int64_t{7}}});
    FAIL() << "it was loaded";
  } catch (const PluginConfigError& error) {
    EXPECT_EQ(error.plugin(), "bad-option");
    EXPECT_EQ(error.key(), "queue.limit");
    EXPECT_EQ(error.options().integer("queue.limit", 0), 7);
    EXPECT_STREQ(error.what(), "is 7; nothing will do");
  }
}

TEST(Claims, TheFirstToDeclareAFamilyHasIt) {
  const Folder folder({"echo", "same-family", "options"});
  const Plugins plugins = load_all(folder, {"echo", "same-family", "options"});
  EXPECT_THAT(plugins.loaded, ElementsAre("echo", "options"));
  EXPECT_THAT(failures(plugins),
              ElementsAre("same-family: the family 'crm_test_echo_runs_at_once' is declared by plugin 'echo' already"));
  const Plugins other_order = load_all(folder, {"same-family", "echo"});
  EXPECT_THAT(failures(other_order),
              ElementsAre("echo: the family 'crm_test_echo_runs_at_once' is declared by plugin 'same-family' already"));
}

TEST(Claims, APluginIsLoadedWholeOrNotAtAll) {
  const Folder folder({"echo", "same-section"});
  const Plugins plugins = load_all(folder, {"echo", "same-section"});
  EXPECT_THAT(failures(plugins), ElementsAre("same-section: the section 'echo' is declared by plugin 'echo' already"));
  EXPECT_THAT(sections(plugins), ElementsAre("echo")) << "its good collector stays out too";
}

TEST(Claims, OfAPluginThatWasRefusedAreFree) {
  const Folder folder({"same-section", "echo"});
  const Rule no_options = [](const Description& description) {
    return std::vector<std::string>(description.name == "same-section" ? 1 : 0, "it is not liked");
  };
  const Plugins plugins = load_all(folder, {"same-section", "echo"}, {}, {no_options});
  EXPECT_THAT(failures(plugins), ElementsAre("same-section: collector 'same-section': it is not liked"));
  EXPECT_THAT(sections(plugins), ElementsAre("echo"));
}

TEST(Claims, OnePluginTwiceIsRefusedTheSecondTime) {
  const Folder folder({"echo"});
  const Plugins plugins = load_all(folder, {"echo", "echo"});
  EXPECT_THAT(failures(plugins), ElementsAre("echo: the section 'echo' is declared by plugin 'echo' already"));
  EXPECT_THAT(sections(plugins), ElementsAre("echo"));
}

TEST(Rules, OfOtherRoomsAreAllAsked) {
  const Folder folder({"echo"});
  const Rule first = [](const Description& description) { return std::vector{description.name + " is short"}; };
  const Rule none = [](const Description&) { return std::vector<std::string>(); };
  EXPECT_THAT(failures(load_all(folder, {"echo"}, {}, {none, first})),
              ElementsAre("echo: collector 'echo': echo is short"));
  EXPECT_THAT(failures(load_all(folder, {"echo"}, {}, {none})), IsEmpty());
}

TEST(Rules, SeeNoPluginThatIsRefusedAnyway) {
  const Folder folder({"echo", "same-section", "bad-description"});
  std::vector<std::string> shown;
  const Rule note = [&](const Description& description) {
    shown.push_back(description.name);
    return std::vector<std::string>();
  };
  load_all(folder, {"echo", "same-section", "bad-description"}, {}, {note});
  EXPECT_THAT(shown, ElementsAre("echo")) << "a rule may remember what it saw, facts for instance";
}

TEST(Used, ToldTheOptionsOfEachLoadedPluginOnlyAfterItsFactory) {
  const Folder folder({"options", "echo", "throws-in-factory"});
  std::vector<std::string> unknown;
  const auto options_of = [](const std::string&) {
    return std::make_unique<FakeConfig>(Options{{"greeting", "hi"}, {"greting", "hi"}});
  };
  load(folder.path(), {"options", "throws-in-factory", "echo"}, options_of, {},
       [&](const std::string& plugin, const Config& options) {
         for (const std::string& key : static_cast<const FakeConfig&>(options).unknown())
           unknown.push_back(plugin + ": " + key);
       });
  EXPECT_THAT(unknown, ElementsAre("options: greting", "echo: greeting", "echo: greting"));
}

TEST(LoadedCollector, IsDestroyedByItsPluginWhichStaysLoadedUntilThen) {
  const Folder folder({"options"});
  const fs::path gone = folder.path() / "gone";
  auto collectors = load_all(folder, {"options"}, {{"greeting", "bye"}, {"gone", gone.string()}}).collectors;
  ASSERT_THAT(collectors, SizeIs(2));
  collectors.pop_back();
  EXPECT_EQ(fs::file_size(gone), 5U) << "one line, \"gone\\n\": one collector";
  EXPECT_EQ(run_once(**collectors.front()).document, R"({"says":"bye"})") << "the other one's code is still there";
  collectors.clear();
  EXPECT_EQ(fs::file_size(gone), 10U) << "2 × 5: both";
}

TEST(LoadedCollector, ThatWasRefusedIsDestroyedToo) {
  const Folder folder({"options"});
  const fs::path gone = folder.path() / "gone";
  const Rule never = [](const Description&) { return std::vector<std::string>{"no"}; };
  EXPECT_THAT(load_all(folder, {"options"}, {{"gone", gone.string()}}, {never}).collectors, IsEmpty());
  EXPECT_EQ(fs::file_size(gone), 10U) << "2 × \"gone\\n\"";
}

}  // namespace
}  // namespace crm::plugin::testing
