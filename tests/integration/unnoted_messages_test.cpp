// Messages that no trigger notes: those written within ten seconds of their created_at. The rollup finds them by the
// transaction that wrote them, however late that commits, and whatever else it did.

#include <list>
#include <random>

#include <gmock/gmock.h>

#include "history_fixture.h"
#include "sessions.h"

namespace {

using namespace crm::testing;
using namespace crm;

class UnnotedMessages : public HistoryTest {
 protected:
  UnnotedMessages() {
    execute(url_, "INSERT INTO conversations (id, created_at) VALUES ('" + id("c") + "', '2026-01-05')");
    execute(url_,
            "UPDATE crm_metrics.rollup_state SET stepped_at = now() - interval '5 minutes'");  // only what is young
    step();
  }

  static std::string insert(const std::string& at = "clock_timestamp() AT TIME ZONE 'UTC'",
                            const std::string& conversation = "c") {
    return fmt::format(
        "INSERT INTO messages (conversation_id, direction, sender_type, created_at) VALUES ('{}', 'inbound', "
        "'customer', {})",
        id(conversation), at);
  }
  // A transaction that begins after all others and ends before them: what has not ended is older than it.
  void let_others_pass() {
    execute(url_, "CREATE TABLE IF NOT EXISTS passing (n int); INSERT INTO passing VALUES (1)");
  }
  static std::string ago(const std::string& interval) {
    return "clock_timestamp() AT TIME ZONE 'UTC' - interval '" + interval + "'";
  }

  // As if the minutes in which the test writes had ended, so that a message comes late to what is stored.
  Instant later() { return from_database("now() + interval '10 minutes'"); }
  Instant from_database(const std::string& instant) {
    return parse_instant(
               scalar(url_, "SELECT to_char((" + instant + ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"))
        .value();
  }
  rollup::StepResult step(std::int64_t most = 1'000) {
    rollup::StepRules rules{.most_changes = most, .fill = std::chrono::days(1), .fed = true, .as_of = later()};
    rules.look_everywhere = rules.everywhere_after_an_hour = false;
    return rollup::take_step(house(), rules);
  }

  Question asked(const std::string& fact = "messages") {
    const Instant now = later();
    return {
        &registry_.get(fact), {.fact = fact, .window = {now - std::chrono::hours(24), now}}, Scope::everyone(), now};
  }
  // Received, as stored; and what is stored is what the rows say.
  std::int64_t received() {
    const Question question = asked();
    const Answer counted = stored(question);
    EXPECT_EQ(counted, raw(question));
    EXPECT_TRUE(exact_);
    return counted.at("- - -").at(0);
  }
  std::string noted() { return scalar(url_, "SELECT count(*) FROM crm_metrics.changes"); }
  std::string waiting() {
    return scalar(url_,
                  "SELECT count(*) FROM crm_metrics.written_messages w, crm_metrics.rollup_state s WHERE "
                  "w.created_at >= s.seen_from AND NOT pg_visible_in_snapshot(w.written_by::text::xid8, s.seen)");
  }
};

TEST_F(UnnotedMessages, AMessageOfNowCostsTheCrmNoNoteAndIsCountedByTheNextStep) {
  execute(url_, insert() + ";" + insert(ago("9 seconds")));
  EXPECT_EQ(noted(), "0");
  EXPECT_EQ(received(), 2) << "before any step";
  EXPECT_EQ(step().changes, 2U);
  EXPECT_EQ(received(), 2);
  EXPECT_EQ(step().changes, 0U) << "once";
}

TEST_F(UnnotedMessages, ATransactionThatCommitsLateIsFoundHoweverManyStepsWereTaken) {
  DatabaseSession late(url_);
  late.execute("BEGIN;" + insert());
  DatabaseSession other(url_);
  for (int i = 0; i < 3; ++i) {
    other.execute(insert());
    EXPECT_EQ(step().changes, 1U);
  }
  EXPECT_EQ(received(), 3);
  late.execute(insert() + ";COMMIT");
  EXPECT_EQ(noted(), "0");
  EXPECT_EQ(step().changes, 2U);
  EXPECT_EQ(received(), 5);
}

// However long it writes: what it may still write is dated no earlier than ten seconds before it began to.
TEST_F(UnnotedMessages, WhereMessagesAreLookedForWaitsForTheOldestWriter) {
  const auto seen_from = [&] { return scalar(url_, "SELECT seen_from FROM crm_metrics.rollup_state"); };
  DatabaseSession late(url_);
  late.execute("BEGIN;" + insert());
  step();
  const std::string from = seen_from();
  for (int i = 0; i < 3; ++i) {
    let_others_pass();
    step();
    EXPECT_EQ(seen_from(), from);
  }
  EXPECT_EQ(scalar(url_,
                   "SELECT seen_from <= (SELECT xact_start FROM pg_stat_activity WHERE state = 'idle in "
                   "transaction' AND xact_start IS NOT NULL ORDER BY 1 LIMIT 1) - interval '10 s' FROM "
                   "crm_metrics.rollup_state"),
            "t");
  late.execute("COMMIT");
  step();
  EXPECT_GT(seen_from(), from);
  EXPECT_EQ(scalar(url_, "SELECT count(*) <= 3 FROM crm_metrics.xid_clock"), "t") << "ticks that nobody needs are gone";
}

TEST_F(UnnotedMessages, OneThatIsDatedInThePastIsNoted) {
  execute(url_, insert(ago("12 seconds")));
  EXPECT_EQ(noted(), "1");
  execute(url_, insert(ago("-5 seconds")) + ";" + insert("'infinity'") + ";" + insert("'-infinity'"));
  EXPECT_EQ(noted(), "2") << "what is dated ahead is found as what is not";
  step();
  EXPECT_EQ(received(), 2);
  EXPECT_EQ(step().changes, 0U);
}

TEST_F(UnnotedMessages, OneDatedAheadOfTheStepWaitsForItsTime) {
  execute(url_, insert());
  const Instant before = from_database("now() - interval '1 hour'");
  take_step({.as_of = before});
  EXPECT_EQ(noted(), "1") << "noted by the step that saw it";
  EXPECT_EQ(step().changes, 1U);
  EXPECT_EQ(received(), 1);
}

// Its number says nothing of the transaction's end.
TEST_F(UnnotedMessages, WhatASavepointWritesIsNoted) {
  DatabaseSession late(url_);
  late.execute("BEGIN; SAVEPOINT s;" + insert() + "; RELEASE s");
  let_others_pass();
  step();
  late.execute("COMMIT");
  EXPECT_EQ(waiting(), "0") << "it looks as if it had been there";
  EXPECT_EQ(noted(), "1");
  EXPECT_EQ(step().changes, 1U);
  EXPECT_EQ(received(), 1);
}

TEST_F(UnnotedMessages, OneThatASavepointChangesBeforeItIsSeenIsNotLost) {
  DatabaseSession late(url_);
  late.execute("BEGIN;" + insert() + "; SAVEPOINT s; UPDATE messages SET content = 'edited'; RELEASE s");
  let_others_pass();
  step();
  late.execute("COMMIT");
  step();
  EXPECT_EQ(received(), 1);
}

// The savepoint's number is older than the step, the message younger.
TEST_F(UnnotedMessages, OneThatAnOldSavepointChangesIsNotLost) {
  DatabaseSession old(url_);
  old.execute("BEGIN; SAVEPOINT s; CREATE TABLE elsewhere (n int)");
  DatabaseSession writer(url_);
  writer.execute("BEGIN;" + insert());
  let_others_pass();
  step();
  writer.execute("COMMIT");
  old.execute("UPDATE messages SET content = 'edited'; RELEASE s; COMMIT");
  step();
  EXPECT_EQ(received(), 1);
}

TEST_F(UnnotedMessages, OneThatAnotherTransactionChangesBeforeItIsSeenIsCountedOnce) {
  execute(url_, insert());
  execute(url_, "UPDATE messages SET content = 'edited'");
  step();
  EXPECT_EQ(received(), 1);
  execute(url_, "UPDATE messages SET delivery_status = 'read'");
  step();
  EXPECT_EQ(received(), 1);
  EXPECT_EQ(waiting(), "0");
}

TEST_F(UnnotedMessages, OneThatIsGoneBeforeItIsSeenIsNotCounted) {
  execute(url_, insert());
  execute(url_, "DELETE FROM messages");
  DatabaseSession undone(url_);
  undone.execute("BEGIN;" + insert() + "; ROLLBACK");
  step();
  EXPECT_EQ(received(), 0);
}

TEST_F(UnnotedMessages, MoreThanAStepTakesAreNotedAndTakenByThoseThatFollow) {
  execute(url_, "INSERT INTO messages (conversation_id, direction, sender_type, created_at) SELECT '" + id("c") +
                    "', 'inbound', 'customer', clock_timestamp() AT TIME ZONE 'UTC' FROM generate_series(1, 25)");
  EXPECT_TRUE(step(10).more);
  EXPECT_EQ(noted(), "15");
  while (step(10).more) {
  }
  EXPECT_EQ(noted(), "0");
  EXPECT_EQ(received(), 25);
}

TEST_F(UnnotedMessages, WhatWasWrittenWhileNoDaemonRanIsFound) {
  execute(url_, insert(ago("8 seconds")));
  execute(url_, "UPDATE crm_metrics.xid_clock SET at = at - interval '1 day'");
  execute(url_, "UPDATE crm_metrics.rollup_state SET seen_from = seen_from - interval '1 day'");
  start_anew();
  step();
  EXPECT_EQ(received(), 1);
}

// A dump that is restored into another server, whose numbers are lesser.
TEST_F(UnnotedMessages, InADatabaseThatWasRestoredAllIsCountedAgain) {
  execute(url_, insert());
  step();
  execute(url_,
          "UPDATE crm_metrics.rollup_state SET seen = '4000000000:4000000000:'; UPDATE crm_metrics.xid_clock SET "
          "next_xid = '4000000000' WHERE next_xid <> '0'");
  execute(url_, insert());
  const auto result = step();
  EXPECT_THAT(result.notes,
              ::testing::Contains("this database was restored from another server's: all is counted again"));
  step();
  EXPECT_EQ(received(), 2);
}

// Each message has a conversation of its own, which is derived again only for its sake.
TEST_F(UnnotedMessages, NothingIsLostOfWritersThatOverlapWithSteps) {
  constexpr int messages = 300;
  for (int i = 0; i < messages; ++i) {
    execute(url_, fmt::format("INSERT INTO conversations (id, created_at) VALUES ('{}', '2026-01-05')",
                              id(fmt::format("m{}", i))));
  }
  step();
  std::mt19937 random(11);
  const auto pick = [&](unsigned most) { return random() % most; };
  const auto one_in = [&](unsigned most) { return pick(most) == 0; };
  std::list<DatabaseSession> sessions;
  std::vector<bool> open(5, false);
  for (std::size_t i = 0; i < open.size(); ++i) sessions.emplace_back(url_);
  for (int i = 0; i < messages; ++i) {
    const std::size_t which = pick(5);
    DatabaseSession& session = *std::next(sessions.begin(), static_cast<std::ptrdiff_t>(which));
    if (!open[which]) session.execute("BEGIN");
    open[which] = true;
    const std::string written = insert(ago(one_in(4)   ? "20 seconds"
                                           : one_in(3) ? "5 seconds"
                                                       : "0 seconds"),
                                       fmt::format("m{}", i));
    if (one_in(3)) {
      session.execute("SAVEPOINT s;" + written + (one_in(3) ? "; ROLLBACK TO s" : "; RELEASE s"));
    } else {
      session.execute(written);
    }
    if (one_in(6))
      session.execute(
          "SAVEPOINT s; UPDATE messages SET content = 'edited' WHERE xmin = pg_current_xact_id()::xid; RELEASE s");
    if (one_in(4)) {
      session.execute(one_in(4) ? "ROLLBACK" : "COMMIT");
      open[which] = false;
    }
    if (one_in(4)) let_others_pass();
    if (one_in(4)) step();
  }
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (open[i]) std::next(sessions.begin(), static_cast<std::ptrdiff_t>(i))->execute("COMMIT");
  }
  step();
  EXPECT_EQ(scalar(url_,
                   "SELECT string_agg(m.id::text, ' ') FROM messages m LEFT JOIN crm_metrics.conversation_metrics k "
                   "ON k.conversation_id = m.conversation_id WHERE k.total_messages IS DISTINCT FROM 1"),
            "");
  EXPECT_GT(scalar(url_, "SELECT count(*) FROM messages"), "100");
  received();
  EXPECT_EQ(stored(asked("turns")), raw(asked("turns")));
}

}  // namespace
