#include "source/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/contract.h"

namespace crm::source {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Catalog with_agent_ids(const char* in_agents, const char* in_conversations) {
  std::map<std::string, Catalog::Columns, std::less<>> views;
  if (in_agents != nullptr) views["agents"]["agent_id"] = in_agents;
  if (in_conversations != nullptr) views["conversations"]["agent_id"] = in_conversations;
  return {"crm_source", views};
}

TEST(Catalog, TakesTheTypeOfAgentIdsFromAgentsElseFromConversations) {
  EXPECT_EQ(with_agent_ids("uuid", "bigint").agent_id_type(), "uuid");
  EXPECT_EQ(with_agent_ids(nullptr, "bigint").agent_id_type(), "bigint");
  EXPECT_EQ(with_agent_ids(nullptr, nullptr).agent_id_type(), "text");
  EXPECT_EQ(with_agent_ids("character varying", "bigint").agent_id_type(), "text");
}

TEST(Catalog, CastsAnIdAsItsColumnIsAndElseAsText) {
  const Catalog catalog("s", {{"tickets", {{"ticket_id", "smallint"}, {"agent_id", "name"}}}});
  EXPECT_EQ(catalog.id_type("tickets", "ticket_id"), "smallint");
  EXPECT_EQ(catalog.id_type("tickets", "agent_id"), "text");
  EXPECT_EQ(catalog.id_type("tickets", "contact_id"), "text");
  EXPECT_EQ(catalog.id_type("contacts", "contact_id"), "text");
}

TEST(Catalog, NamesTheFirstViewThatIsAbsent) {
  const Catalog catalog("s", {{"messages", {}}});
  EXPECT_EQ(catalog.absent_view({{"messages", {}}}), std::nullopt);
  EXPECT_EQ(catalog.absent_view({{"messages", {}}, {"tickets", {}}}), "tickets");
  EXPECT_EQ(catalog.absent_view({}), std::nullopt);
}

TEST(Catalog, TakesAnOptionalColumnThatIsMissingForAViewThatIsAbsent) {
  const Catalog without("s", {{"messages", {{"message_id", "uuid"}}}});
  EXPECT_EQ(without.absent_view({{"messages", {"message_id", "session_id"}}}), "messages.session_id");
  EXPECT_THAT(without.faults({{"messages", {"message_id", "session_id"}}}), IsEmpty());
  EXPECT_EQ(without.absent_view({{"messages", {"message_id"}}}), std::nullopt);
  const Catalog with("s", {{"messages", {{"session_id", "json"}}}});
  EXPECT_EQ(with.absent_view({{"messages", {"session_id"}}}), std::nullopt);
  EXPECT_THAT(
      with.faults({{"messages", {"session_id"}}}),
      ElementsAre("column session_id of view s.messages is json, expected an id (uuid, bigint, integer or text)"));
}

TEST(Catalog, NamesEveryColumnThatIsMissingOrOfAnotherType) {
  const Catalog catalog("crm", {{"messages", {{"message_id", "json"}, {"created_at", "date"}, {"direction", "text"}}}});
  EXPECT_THAT(
      catalog.faults({{"messages", {"message_id", "created_at", "direction", "sent_at"}}}),
      ElementsAre("column message_id of view crm.messages is json, expected an id (uuid, bigint, integer or text)",
                  "column created_at of view crm.messages is date, expected a timestamp",
                  "view crm.messages has no column sent_at (a timestamp): add it to the view"));
}

TEST(Catalog, FindsNoFaultInWhatIsNotReadOrNotThere) {
  const Catalog catalog("crm", {{"messages", {{"created_at", "date"}}}});
  EXPECT_THAT(catalog.faults({{"messages", {}}}), IsEmpty());
  EXPECT_THAT(catalog.faults({{"tickets", {"created_at"}}}), IsEmpty());
}

TEST(Contract, KnowsItsElevenViewsByName) {
  EXPECT_EQ(contract().size(), 11U);
  for (const View& view : contract()) EXPECT_EQ(contract_view(view.name), &view);
  EXPECT_EQ(contract_view("messages2"), nullptr);
  EXPECT_EQ(contract_view("Messages"), nullptr);
  EXPECT_EQ(contract_view(""), nullptr);
}

TEST(Contract, SaysWhichTypesServe) {
  for (const char* type : {"uuid", "bigint", "integer", "smallint", "text", "character varying", "character"}) {
    EXPECT_TRUE(serves(ColumnKind::id, type)) << type;
  }
  for (const char* type : {"json", "timestamp with time zone", "boolean", "numeric", "bytea"}) {
    EXPECT_FALSE(serves(ColumnKind::id, type)) << type;
  }
  EXPECT_TRUE(serves(ColumnKind::instant, "timestamp without time zone"));
  EXPECT_TRUE(serves(ColumnKind::instant, "timestamp with time zone"));
  EXPECT_FALSE(serves(ColumnKind::instant, "date"));
  EXPECT_FALSE(serves(ColumnKind::instant, "text"));
  EXPECT_TRUE(serves(ColumnKind::integer, "smallint"));
  EXPECT_FALSE(serves(ColumnKind::integer, "double precision"));
  EXPECT_TRUE(serves(ColumnKind::boolean, "boolean"));
  EXPECT_FALSE(serves(ColumnKind::boolean, "integer"));
  EXPECT_TRUE(serves(ColumnKind::text, "character varying"));
  EXPECT_FALSE(serves(ColumnKind::text, "delivery_status"));  // an enum of the CRM's
  EXPECT_FALSE(serves(ColumnKind::text, "bytea"));
}

TEST(Contract, HasTheInstantsThatFactsNeed) {
  const auto is_instant = [](std::string_view view, std::string_view name) {
    for (const Column& column : contract_view(view)->columns) {
      if (column.name == name) return column.kind == ColumnKind::instant;
    }
    return false;
  };
  EXPECT_TRUE(is_instant("messages", "failed_at"));
  EXPECT_TRUE(is_instant("conversations", "escalated_at"));
  EXPECT_TRUE(is_instant("contacts", "lead_at"));
  EXPECT_FALSE(is_instant("messages", "direction"));
}

}  // namespace
}  // namespace crm::source
