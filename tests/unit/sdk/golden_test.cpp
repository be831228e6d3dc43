#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/testing/golden.h>

namespace crm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Golden : public ::testing::Test {
 protected:
  Golden() {
    std::string pattern = std::filesystem::temp_directory_path() / "crm-golden-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    unsetenv("CRM_UPDATE_GOLDEN");
  }
  ~Golden() override {
    unsetenv("CRM_UPDATE_GOLDEN");
    std::filesystem::remove_all(folder_);
  }

  std::filesystem::path file_with(const std::string& text) const {
    std::ofstream(folder_ / "golden.txt", std::ios::binary) << text;
    return folder_ / "golden.txt";
  }

  std::filesystem::path folder_;
};

TEST_F(Golden, AnEqualTextDoesNotDiffer) {
  EXPECT_EQ(differs_from_golden("a\nb\n", file_with("a\nb\n")), std::nullopt);
  EXPECT_EQ(differs_from_golden("", file_with("")), std::nullopt);
}

TEST_F(Golden, ShowsTheLineThatDiffers) {
  const auto file = file_with("a\nb\nc\n");
  EXPECT_EQ(differs_from_golden("a\nB\nc\n", file),
            "differs from " + file.string() +
                "\nline 2\n  golden: b\n  now:    B\n"
                "If the new text is right, run once with CRM_UPDATE_GOLDEN=1 and read the diff.");
}

TEST_F(Golden, ShowsWhereOneEndsBeforeTheOther) {
  EXPECT_THAT(*differs_from_golden("a\n", file_with("a\nb\n")),
              HasSubstr("line 2\n  golden: b\n  now:    (end of text)\n"));
  EXPECT_THAT(*differs_from_golden("a\nb\n", file_with("a\n")),
              HasSubstr("line 2\n  golden: (end of text)\n  now:    b\n"));
}

TEST_F(Golden, AMissingLastLineEndIsADifference) {
  EXPECT_THAT(*differs_from_golden("a", file_with("a\n")),
              HasSubstr("golden: a\n  now:    a (no newline at the end)\n"));
}

TEST_F(Golden, ShowsFiveLinesAtMost) {
  const auto difference = *differs_from_golden("1\n2\n3\n4\n5\n6\n", file_with("a\nb\nc\nd\ne\nf\n"));
  EXPECT_THAT(difference, HasSubstr("line 5\n"));
  EXPECT_THAT(difference, Not(HasSubstr("line 6\n")));
  EXPECT_THAT(difference, HasSubstr("…\n"));
}

TEST_F(Golden, AMissingFileIsADifference) {
  const auto file = folder_ / "absent.txt";
  EXPECT_THAT(*differs_from_golden("a\n", file), StartsWith("there is no golden file " + file.string()));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(Golden, IsWrittenWhenTheEnvironmentSaysSo) {
  setenv("CRM_UPDATE_GOLDEN", "1", 1);
  const auto file = folder_ / "new/folder/golden.txt";
  EXPECT_EQ(differs_from_golden("a\nb", file), std::nullopt);
  setenv("CRM_UPDATE_GOLDEN", "0", 1);
  EXPECT_EQ(differs_from_golden("a\nb", file), std::nullopt);
  EXPECT_NE(differs_from_golden("a\nc", file), std::nullopt);
}

TEST_F(Golden, ThatCannotBeWrittenIsAnError) {
  setenv("CRM_UPDATE_GOLDEN", "1", 1);
  std::filesystem::create_directory(folder_ / "a-folder");
  EXPECT_THROW(differs_from_golden("a\n", folder_ / "a-folder"), std::runtime_error);
}

}  // namespace
}  // namespace crm::testing
