// Indexes: a large table without the index that a statement needs, and the statement that makes it.

#include "check_fixture.h"

namespace {

using namespace crm::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

class CheckIndexes : public CheckTest {
 protected:
  // A year of messages in a hundred thousand conversations, half a percent of them today.
  void fill() const {
    execute(url_, R"sql(
INSERT INTO conversations (id, assigned_agent_id, created_at, resolved_at)
SELECT ('33333333-3333-4333-8333-' || lpad(n::text, 12, '0'))::uuid, '11111111-1111-4111-8111-111111111111',
  now() AT TIME ZONE 'UTC' - n * interval '5 min', CASE WHEN n % 200 > 0 THEN now() AT TIME ZONE 'UTC' - n * interval '5 min' END
FROM generate_series(1, 100000) n;
INSERT INTO messages (conversation_id, direction, sender_type, delivery_status, created_at)
SELECT ('33333333-3333-4333-8333-' || lpad(n::text, 12, '0'))::uuid, 'outbound', 'agent', 'sent', now() AT TIME ZONE 'UTC' - n * interval '5 min'
FROM generate_series(1, 100000) n;
ANALYZE messages;
ANALYZE conversations)sql");
  }
};

TEST_F(CheckIndexes, WithTheReferenceIndexesNothingIsReadFromEndToEnd) {
  fill();
  const Checked checked = check();
  EXPECT_THAT(checked.faults(), IsEmpty()) << checked.output;
  EXPECT_THAT(checked.of("plans"),
              ElementsAre(MatchesRegex("ok plans: of [0-9]+ statements as they ran: none reads a large table "
                                       "from end to end")));
}

TEST_F(CheckIndexes, AMissingIndexOfTheWindowIsPrintedWithTableAndColumnOfTheCrm) {
  fill();
  execute(url_,
          "ALTER TABLE messages RENAME created_at TO \"Sent On\"; DROP INDEX idx_messages_date, "
          "idx_messages_status_date, idx_messages_conversation, idx_messages_campaign; "
          "CREATE INDEX ON messages (conversation_id)");
  const Checked checked = check();
  ASSERT_THAT(checked.faults(),
              ElementsAre(HasSubstr("no trigger notes: message insert (for want of an index"),
                          MatchesRegex("warning public.messages: fact/messages, fact/turns read it from end to end "
                                       ".100002 rows, [0-9]+ MiB.")));
  EXPECT_THAT(checked.advice(), HasSubstr("CREATE INDEX CONCURRENTLY ON public.messages (\"Sent On\");\n"));
  EXPECT_EQ(checked.status, 0);
  execute(url_, "CREATE INDEX ON public.messages (\"Sent On\")");
  EXPECT_THAT(check().faults(), IsEmpty()) << "it was the right one";
}

TEST_F(CheckIndexes, WhatIsCreatedAndWhatIsResolvedGetAnIndexEach) {
  fill();
  execute(
      url_,
      "DROP INDEX idx_conversations_open; DROP INDEX idx_conversations_resolved; DROP INDEX idx_conversations_date; "
      "DROP INDEX idx_conversations_agent_date; DROP INDEX idx_conversations_agent");
  const std::string advice = check().advice();
  EXPECT_THAT(advice, AllOf(HasSubstr("CREATE INDEX CONCURRENTLY ON public.conversations (created_at);\n"),
                            HasSubstr("CREATE INDEX CONCURRENTLY ON public.conversations (resolved_at);\n")));
  execute(url_,
          "CREATE INDEX ON public.conversations (created_at); "
          "CREATE INDEX ON public.conversations (resolved_at)");
  EXPECT_THAT(check().faults(), IsEmpty()) << "they were the right ones";
}

TEST_F(CheckIndexes, WhatIsJoinedGetsTheColumnThatItIsJoinedBy) {
  fill();
  execute(url_, "DROP INDEX idx_messages_conversation");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(), ElementsAre(HasSubstr("public.messages: fact/turns reads it from end to end")));
  EXPECT_THAT(checked.advice(),
              HasSubstr("CREATE INDEX CONCURRENTLY ON public.messages (conversation_id, created_at);\n"));
}

TEST_F(CheckIndexes, AnIndexThatIsReadAsAWholeIsNoneOfTheWindow) {
  fill();
  execute(
      url_,
      "DROP INDEX idx_messages_date; DROP INDEX idx_messages_conversation; CREATE INDEX ON messages (conversation_id)");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(),
              ElementsAre(HasSubstr("no trigger notes: message insert (for want of an index"),
                          HasSubstr("public.messages: fact/messages, fact/turns read all of its index "
                                    "idx_messages_status_date from end to end")));
  EXPECT_THAT(checked.advice(), HasSubstr("CREATE INDEX CONCURRENTLY ON public.messages (created_at);\n"));
}

TEST_F(CheckIndexes, ASmallTableNeedsNone) {
  execute(url_, "DROP INDEX idx_messages_date; DROP INDEX idx_messages_conversation; ANALYZE messages");
  EXPECT_THAT(check().faults(), IsEmpty());
}

TEST_F(CheckIndexes, AViewThatWrapsTheColumnIsToldInsteadOfAnIndexThatWouldNotServe) {
  fill();
  redefine(
      "messages",
      R"sql(SELECT id AS message_id, conversation_id, direction::text AS direction, sender_type::text AS sender_type,
    sender_id AS sender_agent_id, recipient, delivery_status::text AS delivery_status, created_at AT TIME ZONE 'UTC' AS created_at, sent_at,
    delivered_at, read_at, failed_at, failed_reason, campaign_id FROM messages)sql");
  const Checked checked = check();
  EXPECT_THAT(checked.advice(),
              AllOf(HasSubstr("Does the view pass its columns through (see above)?"), Not(HasSubstr("CREATE INDEX"))));
}

TEST_F(CheckIndexes, AnIndexWhoseBuildWasInterruptedIsDroppedFirst) {
  fill();
  execute(url_,
          "DROP INDEX idx_messages_date; CREATE INDEX half ON messages (created_at); "
          "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'half'::regclass");
  EXPECT_THAT(
      check().advice(),
      HasSubstr("DROP INDEX CONCURRENTLY public.half;\nAs the table's owner, outside a transaction; the CRM goes "
                "on:\nCREATE INDEX CONCURRENTLY ON public.messages (created_at);\n"));
}

TEST_F(CheckIndexes, OfAPartitionedTableTheParentIsNamed) {
  fill();
  execute(url_, R"sql(
CREATE TABLE parts (LIKE messages) PARTITION BY RANGE (created_at);
CREATE TABLE parts_old PARTITION OF parts FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE parts_new PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);
INSERT INTO parts SELECT * FROM messages;
CREATE INDEX ON parts (conversation_id);
ALTER TABLE parts OWNER TO supabase_owner;
ANALYZE parts)sql");
  redefine(
      "messages",
      R"sql(SELECT id AS message_id, conversation_id, direction::text AS direction, sender_type::text AS sender_type,
    sender_id AS sender_agent_id, recipient, delivery_status::text AS delivery_status, created_at, sent_at,
    delivered_at, read_at, failed_at, failed_reason, campaign_id FROM parts)sql");
  const Checked checked = check();
  EXPECT_THAT(
      checked.faults(),  // that table has no trigger
      ElementsAre(HasSubstr("warning change feed: no trigger notes: message insert, "),
                  HasSubstr("warning public.parts: fact/messages, fact/turns read it from end to end (100002 rows")));
  EXPECT_THAT(checked.advice(), HasSubstr("CREATE INDEX ON public.parts (created_at);\n"));
}

TEST_F(CheckIndexes, AWindowThatMayBeAskedForIsLookedAtOverAMonth) {
  add_plugin("test-plugins", "windowed");
  execute(url_,
          "INSERT INTO conversation_intents (conversation_id, intent, detected_at) SELECT gen_random_uuid(), 'hours', "
          "now() AT TIME ZONE 'UTC' - n * interval '5 min' FROM generate_series(1, 100000) n; "
          "DROP INDEX idx_intents_date; ANALYZE conversation_intents");
  const Checked checked = check();
  EXPECT_THAT(checked.of("public.conversation_intents"),
              ElementsAre(HasSubstr("windowed/intents reads it from end to end")));
  EXPECT_THAT(checked.advice(), HasSubstr("CREATE INDEX CONCURRENTLY ON public.conversation_intents (detected_at);\n"));
}

}  // namespace
