#include "rollup/contact_visits.h"

#include <algorithm>
#include <set>

#include "contact_visits_sql.h"
#include "rollup/text_array.h"
#include "source/sql_text.h"

namespace crm::rollup {
namespace {

constexpr std::size_t most_refreshed_at_once = 2'000;
constexpr std::int64_t most_filled = 5'000;  // a batch; a step takes as many as its time allows

source::Bound ids(const std::vector<std::string>& given, const std::string& type) {
  std::vector<std::string> fit;
  std::copy_if(given.begin(), given.end(), std::back_inserter(fit),
               [&](const std::string& id) { return source::is_id(id, type); });
  return text_array(fit, type + "[]");
}

Instant instant_of(std::string_view text) {
  if (text == "infinity") return Instant::max();
  if (text == "-infinity") return Instant::min();
  return parse_instant(text).value_or(Instant::max());
}

}  // namespace

ChangedVisits visits_changed_by(const std::vector<Change>& changes) {
  std::set<std::string> conversations;
  std::set<std::string> contacts;
  for (const Change& change : changes) {
    if (!change.id) continue;
    if (change.entity == "conversation" || change.entity == "conversation_deleted") conversations.insert(*change.id);
    if (change.entity == "contact" || change.entity == "contact_deleted") contacts.insert(*change.id);
  }
  return {{conversations.begin(), conversations.end()}, {contacts.begin(), contacts.end()}};
}

source::Binding bind_visits(const ChangedVisits& changed, const source::Catalog& catalog,
                            const std::string& conversations, const std::string& contacts) {
  return {{conversations, ids(changed.conversations, catalog.id_type("conversations", "conversation_id"))},
          {contacts, ids(changed.contacts, catalog.id_type("conversations", "contact_id"))}};
}

std::optional<Instant> ContactVisits::filled_from() {
  if (looked_) return from_;
  looked_ = true;
  const auto reads = source::reads_of(sql::fill_visits.text);
  const auto& catalog = snapshot_.catalog();
  if (catalog.absent_view(reads) || !catalog.faults(reads).empty() || !catalog.hidden(reads).empty()) return from_;
  snapshot_.run(sql::visits_state.name, sql::visits_state.text, {}, true).each([&](const Row& row) {
    if (!row.is_null("fit") && row.boolean("fit")) from_ = instant_of(row.text("visits_from"));
  });
  return from_;
}

void ContactVisits::refresh(const std::vector<Change>& changes) {
  ChangedVisits all = visits_changed_by(changes);
  if (all.conversations.empty() && all.contacts.empty()) return;
  const auto from = filled_from();
  if (!from || *from == Instant::max()) return;
  auto next = all.conversations.begin();
  do {
    const auto left = static_cast<std::size_t>(all.conversations.end() - next);
    const auto end = next + static_cast<std::ptrdiff_t>(std::min(left, most_refreshed_at_once));
    const ChangedVisits some{{next, end}, std::move(all.contacts)};
    all.contacts.clear();
    snapshot_.write(sql::refresh_visits.name, sql::refresh_visits.text,
                    bind_visits(some, snapshot_.catalog(), "ids", "contacts"));
    next = end;
  } while (next != all.conversations.end());
}

void ContactVisits::begin_again() {
  snapshot_.write(sql::fill_visits_again.name, sql::fill_visits_again.text, {});
  looked_ = false;
}

bool ContactVisits::fill_more() {
  const auto from = filled_from();
  if (!from || *from == Instant::min()) return false;
  snapshot_.write(sql::fill_visits.name, sql::fill_visits.text, {{"most", {std::to_string(most_filled), "bigint"}}})
      .each([&](const Row& row) { from_ = instant_of(row.text("visits_from")); });
  return *from_ != Instant::min();
}

}  // namespace crm::rollup
