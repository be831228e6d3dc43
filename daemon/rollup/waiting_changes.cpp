#include "rollup/waiting_changes.h"

#include "rollup/text_array.h"
#include "source/sql_text.h"
#include "step_sql.h"

namespace crm::rollup {

void WaitingChanges::look_at_messages() {
  const auto most = static_cast<std::size_t>(most_);
  const Rows rows = snapshot_.run(sql::take_messages.name, sql::take_messages.text,
                                  {{"most", {std::to_string(most + 1), "bigint"}}}, true);
  if (rows.size() > most) {
    const Instant from = snapshot_.run(sql::seen_from.name, sql::seen_from.text, {}, true)[0].instant("seen_from");
    write(sql::note_unseen_messages, {{"seen_from", {to_iso(from), "timestamptz"}}});
    return;
  }
  std::vector<std::string> ids;
  std::vector<Instant> ats;
  rows.each([&](const Row& row) {
    Change message{"message", std::nullopt, row.instant("at")};
    if (!row.is_null("conversation_id")) message.id = row.text("conversation_id");
    if (message.at <= snapshot_.as_of()) return messages_.push_back(std::move(message));
    ids.push_back(message.id.value_or(""));
    ats.push_back(*message.at);
  });
  if (!ids.empty()) write(sql::note_messages, {{"ids", text_array(ids)}, {"ats", source::bind_instants(ats)}});
}

WaitingChanges::Taken WaitingChanges::take() {
  Taken taken{.changes = std::move(messages_)};
  const Instant horizon = snapshot_.as_of() - settings_.rollup.horizon;
  const std::size_t unnoted = taken.changes.size();
  std::size_t noted = 0;
  write(sql::take_changes, {{"most", {std::to_string(most_), "bigint"}}}).each([&](const Row& row) {
    Change change{std::string(row.text("entity")), std::nullopt, row.maybe_instant("at")};
    if (!row.is_null("id")) change.id = row.text("id");
    noted += static_cast<std::size_t>(row.integer("changes"));
    (is_pruning(change, horizon) ? taken.prunings : taken.changes).push_back(std::move(change));
  });
  taken.count = unnoted + noted;
  taken.more = noted >= static_cast<std::size_t>(most_);
  return taken;
}

}  // namespace crm::rollup
