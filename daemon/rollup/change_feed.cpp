#include "rollup/change_feed.h"

#include "change_feed_sql.h"

namespace crm::rollup {

FeedState feed_state(source::Snapshot& snapshot, const std::string& own_schema) {
  const Rows rows = snapshot.inspect(
      sql::change_feed.name,
      source::compile(sql::change_feed.name, sql::change_feed.text, {{"own_schema", {own_schema, "text"}}}));
  FeedState state;
  rows.each([&](const Row& row) { state.missing.emplace_back(row.text("missing")); });
  state.complete = state.missing.empty();
  return state;
}

Waiting look_at_waiting(source::Snapshot& snapshot, std::int64_t enough) {
  Waiting waiting;
  snapshot.run_own(sql::waiting_work.name, sql::waiting_work.text, {{"most", {std::to_string(enough), "bigint"}}})
      .each([&](const Row& row) {
        waiting.since = row.maybe_instant("since");
        waiting.many = row.integer("changes") >= enough;
        waiting.rescan = row.boolean("rescan");
      });
  return waiting;
}

}  // namespace crm::rollup
