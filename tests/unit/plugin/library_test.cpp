// Which libraries are refused, and what is said.

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

namespace crm::plugin::testing {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

void chmod(const fs::path& path, unsigned mode) {
  fs::permissions(path, fs::perms(mode));
}

std::string refusal_of(const std::string& plugin) {
  const Folder folder({plugin});
  return refusal(folder.path(), plugin);
}

TEST(Library, ThatIsGoodIsLoaded) {
  const Folder folder({"echo"});
  const auto library = Library::load(folder.path(), "echo");
  EXPECT_STREQ(library->descriptor().name, "echo");
  EXPECT_EQ(library->descriptor().abi, plugin_abi);
}

TEST(Library, ThatIsNotThereIsRefusedWithItsPath) {
  const Folder folder;
  EXPECT_EQ(refusal(folder.path(), "kpi"),
            folder.file("kpi").string() +
                ": No such file or directory; install it, or correct plugins.directory or plugins.load");
}

TEST(Library, OfADirectoryThatIsNotThereIsRefusedWithTheDirectory) {
  EXPECT_THAT(refusal("/nowhere/plugins", "kpi"), StartsWith("/nowhere/plugins: No such file or directory; "));
  EXPECT_THAT(refusal("", "kpi"), HasSubstr("No such file or directory"));
}

TEST(Library, OfAnAbiThatIsNotTheDaemonsIsRefused) {
  EXPECT_THAT(refusal_of("other-abi"),
              EndsWith("crm-other-abi.so was built for plugin ABI " + std::to_string(plugin_abi + 1) +
                       ", this daemon has ABI " + std::to_string(plugin_abi) + ": build it again with this SDK"));
}

TEST(Library, OfAnotherToolchainIsRefusedWithEveryDifference) {
  EXPECT_THAT(refusal_of("other-toolchain"),
              AllOf(HasSubstr("crm-other-toolchain.so was built with another toolchain: "),
                    HasSubstr("compiler clang 99 (daemon: " CRM_COMPILER_NAME ")"),
                    HasSubstr("cxx11_abi 0 (daemon: 1)"), HasSubstr("json 2.0.0 (daemon: 3."),
                    HasSubstr("stdlib libc++ (daemon: unknown)"), EndsWith("; build it as the daemon was built")));
}

TEST(Library, OfAnotherProgramIsRefused) {
  EXPECT_THAT(refusal_of("wrong-magic"), EndsWith("its descriptor is not one of a crm-metricsd plugin"));
}

TEST(Library, WithoutADescriptorIsRefused) {
  EXPECT_THAT(refusal_of("no-descriptor"),
              EndsWith("crm-no-descriptor.so is no crm-metricsd plugin: it lacks CRM_COLLECTOR_PLUGIN"));
}

TEST(Library, WithNothingInItsDescriptorIsRefused) {
  EXPECT_THAT(refusal_of("bad-descriptor"), EndsWith("its descriptor is not complete: use CRM_COLLECTOR_PLUGIN"));
}

TEST(Library, ThatCallsItselfOtherwiseIsRefused) {
  EXPECT_THAT(refusal_of("wrong-name"),
              EndsWith("crm-wrong-name.so calls itself 'echo': a plugin's file is crm-<its name>.so"));
}

TEST(Library, WithAnUndefinedSymbolIsRefusedWhenItIsLoaded) {
  EXPECT_THAT(refusal_of("undefined-symbol"),
              AllOf(StartsWith("cannot load /"), HasSubstr("undefined symbol"), HasSubstr("nowhere_defined")));
}

TEST(Library, ThatIsNoLibraryIsRefused) {
  const Folder folder;
  std::ofstream(folder.file("text")) << std::string(4096, '#');
  std::ofstream(folder.file("empty")).close();
  EXPECT_EQ(refusal(folder.path(), "text"), "cannot load " + folder.file("text").string() + ": invalid ELF header");
  EXPECT_EQ(refusal(folder.path(), "empty"), "cannot load " + folder.file("empty").string() + ": file too short");
}

TEST(Library, ThatWasNotCopiedToItsEndIsRefused) {
  // The loader would map what is not there: SIGBUS. What lies behind the loaded parts (debug information) may be
  // missing.
  const Folder folder({"echo"});
  const std::uintmax_t whole = fs::file_size(folder.file("echo"));
  int refused = 0;
  for (int percent = 99; percent > 0; --percent) {
    const fs::path file = folder.file("cut-" + std::to_string(percent));
    Folder::copy("echo", file);
    fs::resize_file(file, whole * static_cast<unsigned>(percent) / 100);
    const std::string answer = refusal(folder.path(), "cut-" + std::to_string(percent));
    if (answer == file.string() + " is not whole: copy it again") ++refused;
    ASSERT_NE(answer, "loaded") << "it calls itself echo";
  }
  EXPECT_GT(refused, 0);
}

TEST(Library, ThatIsAFolderOrAPipeIsRefusedAtOnce) {
  const Folder folder;
  fs::create_directory(folder.file("folder"));
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  EXPECT_EQ(refusal(folder.path(), "folder"), folder.file("folder").string() + " is no regular file");
  EXPECT_EQ(refusal(folder.path(), "pipe"), folder.file("pipe").string() + " is no regular file");
}

TEST(Library, ThatOthersMayWriteIsRefused) {
  const Folder folder({"echo"});
  const std::string file = folder.file("echo").string();
  chmod(file, 0775);
  EXPECT_EQ(refusal(folder.path(), "echo"), file + " is writable by its group or by others (mode 775): chmod go-w it");
  chmod(file, 0757);
  EXPECT_EQ(refusal(folder.path(), "echo"), file + " is writable by its group or by others (mode 757): chmod go-w it");
  chmod(file, 0755);
  EXPECT_EQ(refusal(folder.path(), "echo"), "loaded");
}

TEST(Library, InADirectoryThatOthersMayWriteIsRefused) {
  const Folder folder({"echo"});
  for (const unsigned mode : {0770U, 0707U, 01777U}) {
    chmod(folder.path(), mode);
    EXPECT_THAT(refusal(folder.path(), "echo"),
                AllOf(StartsWith(folder.path().string() + " is writable by"), EndsWith("chmod go-w it")));
  }
}

TEST(Library, BehindALinkIsJudgedWhereItLies) {
  const Folder folder;
  const Folder elsewhere({"echo"});
  fs::create_symlink(elsewhere.file("echo"), folder.file("echo"));
  EXPECT_EQ(refusal(folder.path(), "echo"), "loaded");
  chmod(elsewhere.path(), 0777);
  EXPECT_THAT(refusal(folder.path(), "echo"), StartsWith(elsewhere.path().string() + " is writable by"));
}

TEST(Library, ThatBelongsToAnotherUserIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const Folder folder({"echo"});
  ASSERT_EQ(::chown(folder.file("echo").c_str(), 12345, 12345), 0);
  EXPECT_EQ(refusal(folder.path(), "echo"), folder.file("echo").string() +
                                                " belongs to user 12345, neither to root nor to the daemon's user: "
                                                "chown it");
  ASSERT_EQ(::chown(folder.file("echo").c_str(), 0, 12345), 0);
  EXPECT_EQ(refusal(folder.path(), "echo"), "loaded");
  ASSERT_EQ(::chown(folder.path().c_str(), 12345, 0), 0);
  EXPECT_THAT(refusal(folder.path(), "echo"), StartsWith(folder.path().string() + " belongs to user 12345"));
}

TEST(Library, ThatWasRefusedIsReadAgainWhenItWasReplaced) {
  const Folder folder;
  Folder::copy("other-abi", folder.file("echo"));
  EXPECT_THAT(refusal(folder.path(), "echo"), HasSubstr("was built for plugin ABI"));
  fs::remove(folder.file("echo"));
  folder.copy("echo");
  EXPECT_EQ(refusal(folder.path(), "echo"), "loaded");
}

TEST(ToolchainDifference, IsEmptyBetweenEqualOnes) {
  EXPECT_EQ(toolchain_difference(CRM_TOOLCHAIN, CRM_TOOLCHAIN), "");
  EXPECT_EQ(toolchain_difference("", ""), "");
}

TEST(ToolchainDifference, NamesWhatDiffersWithBothValues) {
  EXPECT_EQ(toolchain_difference("compiler gcc 12; cxx11_abi 0", "compiler gcc 12; cxx11_abi 1"),
            "cxx11_abi 0 (daemon: 1)");
  EXPECT_EQ(toolchain_difference("compiler gcc 13; json 3.11.2", "compiler gcc 12; json 3.12.0"),
            "compiler gcc 13 (daemon: gcc 12), json 3.11.2 (daemon: 3.12.0)");
}

TEST(ToolchainDifference, CallsUnknownWhatOneSideDoesNotSay) {
  EXPECT_EQ(toolchain_difference("compiler gcc 12", "compiler gcc 12; sanitizer none"),
            "sanitizer unknown (daemon: none)");
  EXPECT_EQ(toolchain_difference("compiler gcc 12; stdlib libc++", "compiler gcc 12"),
            "stdlib libc++ (daemon: unknown)");
}

TEST(ToolchainDifference, SurvivesAnything) {
  EXPECT_EQ(toolchain_difference("", "compiler gcc 12"), "compiler unknown (daemon: gcc 12)");
  EXPECT_NE(toolchain_difference("; ; ;", "compiler gcc 12"), "");
  EXPECT_NE(toolchain_difference("compiler", "compiler gcc 12"), "");
}

}  // namespace
}  // namespace crm::plugin::testing
