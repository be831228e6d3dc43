#include <charconv>

#include <crm/sdk/contacts.h>

namespace crm {
namespace {

using Days = std::chrono::days;

// A key of the fact visits; nothing where there was no conversation before.
std::optional<Instant> day_of(const FactRow& row) {
  if (!row.key) return std::nullopt;
  std::int64_t days = 0;
  std::from_chars(row.key->data(), row.key->data() + row.key->size(), days);
  return Instant(Days(days));
}

}  // namespace

std::int64_t contacts_of_everyone(Sources& sources, const Statement& at_edge, const Window& window) {
  const Instant day = std::chrono::floor<Days>(window.from);
  const bool begins_it = window.from == day;
  const bool nearer_its_end = !begins_it && window.from - day > std::chrono::hours(12);
  // Up to where all conversations before are taken for such as lie before the window; the statement mends that.
  const Instant edge = nearer_its_end ? day + Days(1) : day;
  const FactTable visits = sources.facts({.fact = "visits", .window = window, .by = {Axis::key}});
  std::int64_t contacts = 0;
  for (const FactRow& row : visits.rows()) {
    const auto before = day_of(row);
    if (!before || *before < edge) contacts += visits.value(row, "came");
  }
  if (begins_it || visits.absent()) return contacts;
  const Rows mending = sources.query(at_edge, {{"edge", edge}, {"since", window.from}, {"until", window.to}});
  mending.each([&](const Row& row) {
    const std::int64_t of_that_day = row.integer("contacts");
    contacts += nearer_its_end ? -of_that_day : of_that_day;
  });
  return contacts;
}

}  // namespace crm
