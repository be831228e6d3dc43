// Counting: minutes that are told by their shares.

#include <string>
#include <vector>

#include "rollup/counting.h"
#include "rollup/stored_sql.h"
#include "rollup/text_array.h"

namespace crm::rollup {

bool Counting::shares(const FactDefinition& fact, const StoredPeriod& period) const {
  return sharing_ && fed_ && !fact.shares.empty() && period.grain == Grain::minutes &&
         period.start >= snapshot_.as_of() - (changes_for_days(fact) ? shares_of_campaigns_kept : shares_begin);
}

void Counting::count_shares(const FactDefinition& fact, const std::vector<StoredPeriod>& minutes,
                            const std::vector<Instant>& starts, const std::vector<std::string>& parts,
                            std::optional<Instant> counting_since) {
  if (minutes.empty()) return;
  const PartTypes types{snapshot_.catalog().id_type("conversations", "conversation_id"),
                        snapshot_.catalog().id_type("messages", "message_id")};
  std::vector<Instant> of_minutes;
  std::vector<std::string> asked;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!is_part(parts[i], types)) continue;  // what is no id (any more) has no rows
    of_minutes.push_back(starts[i]);
    asked.push_back(parts[i]);
  }
  source::Bound since{std::nullopt, "timestamptz"};
  if (counting_since) since.text = to_iso(*counting_since);
  snapshot_.write("count-shares/" + fact.name, count_shares_sql(fact, types),
                  {{"fact", {fact.name, "text"}},
                   {"grain", {std::string(to_string(Grain::minutes)), "text"}},
                   {"version", {wanted_.version(fact), "text"}},
                   {"from", {to_iso(minutes.front().start), "timestamptz"}},
                   {"to", {to_iso(minutes.back().until), "timestamptz"}},
                   {"starts", source::bind_instants(starts_of(minutes))},
                   {"untils", source::bind_instants(untils_of(minutes))},
                   {"minutes", source::bind_instants(of_minutes)},
                   {"parts", text_array(asked)},
                   {"counting_since", since}});
  counted_ += static_cast<std::int64_t>(minutes.size());
  followed_ += static_cast<std::int64_t>(minutes.size());
}

}  // namespace crm::rollup
