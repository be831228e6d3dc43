// What history reads of its own tables is planned once for a connection, not for each answer: half of an answer's time
// was planning.

#include "history_fixture.h"

namespace {

using namespace crm;
using namespace crm::testing;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

// How often PostgreSQL makes a plan for what is bound before it asks itself whether the one for anything would do.
constexpr int first_plans = 5;

class HistoryPlans : public HistoryTest {
 protected:
  HistoryPlans() {
    LivingCrm crm(url_, 3);
    for (Instant day = first_; day < now_; day += days(1)) crm.live(day, 60);
    take_steps(now_);
    execute(url_, "ANALYZE");
  }

  // Today so far, whole days, and whole days with an edge on both sides: what is bound is of all lengths.
  void ask(const std::string& fact, std::vector<Axis> by, const Scope& scope) {
    Question question{&registry_.get(fact), {.fact = fact, .window = {}, .by = std::move(by)}, scope, now_};
    for (int ago = 0; ago < 10; ++ago) {
      const Instant midnight = zone_->start_of_day(now_) - days(ago);
      for (const Window window : {Window{midnight, now_}, Window{midnight - hours(3), now_ - minutes(90)}}) {
        question.query.window = window;
        stored(question);
      }
    }
  }

  const Instant first_ = at("2026-03-01T10:00:00");
  const Instant now_ = at("2026-03-12T10:20:30");
};

TEST_F(HistoryPlans, AreMadeOnceForAConnectionWhateverIsAsked) {
  if (pooled()) GTEST_SKIP() << "a pooler's connections are shared, so nothing is prepared on them";
  for (const char* fact : {"messages", "resolutions", "conversations", "intents", "campaign_results"}) {
    for (const Scope& scope : {Scope::everyone(), Scope{Role::supervisor, id("sue")}, Scope{Role::agent, id("ann")}}) {
      ask(fact, {}, scope);
      ask(fact, {Axis::agent}, scope);
    }
  }
  ASSERT_GT(stored_periods_read_, 1'000U);
  int texts = 0;
  prepared().each([&](const Row& row) {
    if (row.text("name").starts_with("stored/")) ++texts;
    EXPECT_GT(row.integer("uses"), 2 * first_plans) << row.text("name");
    EXPECT_LE(row.integer("custom_plans"), first_plans) << row.text("name");
  });
  EXPECT_EQ(texts, 5 * 2 * 2) << "facts, in total and by agent, of everyone and scoped";
}

}  // namespace
