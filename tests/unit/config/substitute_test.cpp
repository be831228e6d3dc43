#include "config/substitute.h"

#include "support.h"

namespace crm::config::testing {
namespace {

namespace fs = std::filesystem;

std::string refusal(const std::string& text, const Environment& env) {
  try {
    return "(accepted) " + substitute(text, env);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

TEST(Substitution, ComesFromTheEnvironment) {
  const auto env = environment({{"USER", "anna"}, {"HOST", "db"}});
  EXPECT_EQ(substitute("postgresql://${USER}@${HOST}/crm", env), "postgresql://anna@db/crm");
  EXPECT_EQ(substitute("nothing", env), "nothing");
}

TEST(Substitution, TakesTheDefaultWhereTheVariableIsUnsetOrEmpty) {
  const auto env = environment({{"EMPTY", ""}, {"SET", "x"}});
  EXPECT_EQ(substitute("${UNSET:-5s}", env), "5s");
  EXPECT_EQ(substitute("${EMPTY:-5s}", env), "5s");
  EXPECT_EQ(substitute("${SET:-5s}", env), "x");
  EXPECT_EQ(substitute("[${UNSET:-}]", env), "[]");
  EXPECT_EQ(substitute("[${EMPTY}]", env), "[]");
}

TEST(Substitution, DoesNotLookIntoAValue) {
  EXPECT_EQ(substitute("${A}", environment({{"A", "${B}"}, {"B", "no"}})), "${B}");
}

TEST(Substitution, ADoubledDollarIsALiteralOne) {
  const auto env = environment({{"A", "x"}});
  EXPECT_EQ(substitute("$${A}", env), "${A}");
  EXPECT_EQ(substitute("$$${A}", env), "$${A}");
  EXPECT_EQ(substitute("$A $ $$", env), "$A $ $$");
}

TEST(Substitution, CanBeUndone) {
  for (const std::string text : {"", "$", "${", "$${", "$$${x}", "a${b}c", "}${", "$$"}) {
    EXPECT_EQ(substitute(unsubstituted(text), environment()), text);
  }
}

TEST(Substitution, SaysWhatIsMissing) {
  EXPECT_EQ(refusal("${DB}", environment()),
            "DB is not set: set the variable, or DB_FILE, or a credential DB, or write ${DB:-default}");
}

TEST(Substitution, RefusesWhatIsMalformed) {
  EXPECT_EQ(refusal("${DB", environment()), "${ without a closing }; a literal ${ is written $${");
  EXPECT_EQ(refusal("${}", environment()), "${} names no environment variable; a literal ${ is written $${");
  EXPECT_EQ(refusal("${1A}", environment()), "${1A} names no environment variable; a literal ${ is written $${");
  EXPECT_EQ(refusal("${A:-${B}}", environment()), "the default of ${A} cannot itself contain ${");
  EXPECT_EQ(refusal("${A}", environment({{"A", "\xff"}})), "the value of A is no UTF-8 text");
}

TEST(SecretFile, IsReadWithoutItsLastNewline) {
  const Folder folder;
  const auto env = environment({{"PW_FILE", folder.write("pw", "hush\n")},
                                {"CR_FILE", folder.write("cr", "hush\r\n")},
                                {"TWO_FILE", folder.write("two", "a\nb\n\n")}});
  EXPECT_EQ(substitute("${PW}", env), "hush");
  EXPECT_EQ(substitute("${CR}", env), "hush");
  EXPECT_EQ(substitute("${TWO}", env), "a\nb\n");
}

TEST(SecretFile, IsRefusedBesideTheVariable) {
  const Folder folder;
  EXPECT_EQ(refusal("${PW}", environment({{"PW", "canary"}, {"PW_FILE", folder.write("pw", "canary")}})),
            "both PW and PW_FILE are set; unset one of them");
}

TEST(SecretFile, IsRefusedWhenWorldReadable) {
  const Folder folder;
  const std::string file = folder.write("pw", "canary");
  fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
  EXPECT_EQ(refusal("${PW}", environment({{"PW_FILE", file}})), file + " is world-readable; run chmod o-r " + file);
}

TEST(SecretFile, MustExistAndBeAFileOfBoundedSize) {
  const Folder folder;
  const std::string missing = folder.path("missing");
  EXPECT_EQ(refusal("${PW}", environment({{"PW_FILE", missing}})), missing + ", which PW_FILE names, does not exist");
  EXPECT_EQ(refusal("${PW}", environment({{"PW_FILE", folder.path("")}})),
            folder.path("") + " cannot be read: it is not a regular file");
  EXPECT_EQ(refusal("${PW}", environment({{"PW_FILE", "/dev/zero"}})),
            "/dev/zero cannot be read: it is not a regular file");
  const std::string large = folder.write("large", std::string(max_file_bytes + 1, 'x'));
  EXPECT_EQ(refusal("${PW}", environment({{"PW_FILE", large}})), large + " is larger than 1024 KiB");
}

TEST(SystemdCredential, IsReadWhereNothingElseIsSet) {
  const Folder folder;
  folder.write("PW", "hush\n");
  const auto env = environment({{"CREDENTIALS_DIRECTORY", folder.path("")}});
  EXPECT_EQ(substitute("${PW}", env), "hush");
  EXPECT_EQ(substitute("${OTHER:-none}", env), "none");
  EXPECT_EQ(substitute("${PW}", environment({{"CREDENTIALS_DIRECTORY", folder.path("")}, {"PW", "first"}})), "first");
}

TEST(SystemdCredential, IsRefusedWhenWorldReadable) {
  const Folder folder;
  fs::permissions(folder.write("PW", "canary"), fs::perms::others_read, fs::perm_options::add);
  const auto env = environment({{"CREDENTIALS_DIRECTORY", folder.path("")}});
  EXPECT_EQ(refusal("${PW}", env), folder.path("") + "/PW is world-readable; run chmod o-r " + folder.path("") + "/PW");
}

}  // namespace
}  // namespace crm::config::testing
