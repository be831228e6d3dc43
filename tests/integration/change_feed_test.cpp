// What the CRM writes, and what the change feed notes of it: one row for each thing that changed, in the transaction
// that changed it, on both CRMs.

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"
#include "history.h"
#include "support/rows.h"

namespace {

using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ChangeFeed : public ::testing::TestWithParam<Crm> {
 protected:
  std::string id_of(const std::string& name) const { return id(GetParam(), name); }
  // Of a conversation: the other CRM's are text.
  std::string conversation(const std::string& name) const {
    return (GetParam() == Crm::other ? "chat " : "") + id_of(name);
  }

  void write(const std::string& statement) const { execute(url_, statement); }

  // What has been noted and nobody has taken yet: "message <id> 09:00:30", sorted.
  std::vector<std::string> noted() const {
    std::istringstream lines(scalar(url_, R"sql(
WITH taken AS (DELETE FROM crm_metrics.changes RETURNING *)
SELECT string_agg(
  concat_ws(' ', entity, id, to_char(at AT TIME ZONE 'UTC', CASE WHEN at::date = '2026-03-10' THEN 'HH24:MI:SS' ELSE 'YYYY-MM-DD HH24:MI:SS' END)),
  E'\n' ORDER BY entity, at, id)
FROM taken)sql"));
    std::vector<std::string> rows;
    for (std::string line; std::getline(lines, line);) rows.push_back(line);
    return rows;
  }
  std::string rescans() const { return scalar(url_, "SELECT count(*) FROM crm_metrics.rescans"); }

  const std::string url_ = with_history(create_database(cluster(), GetParam()), GetParam());
};
INSTANTIATE_TEST_SUITE_P(OnEveryCrm, ChangeFeed, ::testing::Values(Crm::reference, Crm::other),
                         [](const auto& crm) { return to_string(crm.param); });

TEST_P(ChangeFeed, AMessageIsNotedWithItsConversationAndItsInstant) {
  write(sql(Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00:30"}));
  EXPECT_THAT(noted(), ElementsAre("message " + conversation("a") + " 09:00:30"));
  EXPECT_EQ(rescans(), "0");
}

}  // namespace
