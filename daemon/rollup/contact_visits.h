#pragma once
// The table contact_visits: conversations of agents, each with when its contact came first, kept up to date by steps. A
// team's contacts, each once, are counted from it (History::contacts).

#include <optional>
#include <vector>

#include "rollup/touched.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Whom changes concern: conversations that came, went or changed hands, and contacts who lost one.
struct ChangedVisits {
  std::vector<std::string> conversations;
  std::vector<std::string> contacts;
};
ChangedVisits visits_changed_by(const std::vector<Change>& changes);

// As parameters of these names, ids of the views' types: what is no id (any more) finds nothing.
source::Binding bind_visits(const ChangedVisits& changed, const source::Catalog& catalog,
                            const std::string& conversations, const std::string& contacts);

// Of one turn of whoever holds the lock; `snapshot` is a writing one. For databases whose triggers note every change.
class ContactVisits {
 public:
  explicit ContactVisits(source::Snapshot& snapshot) : snapshot_(snapshot) {}

  // After these changes; nothing where none of the table is used yet.
  void refresh(const std::vector<Change>& changes);

  // A change was missed: none of the table is used until it is filled again.
  void begin_again();

  // The next conversations of those that are not in it, the newest first. False: there are no more, or the views do not
  // allow it.
  bool fill_more();

  // It has those created at or after this: Instant::max() none yet, Instant::min() all. Nothing: it cannot be filled.
  std::optional<Instant> filled_from();

 private:
  source::Snapshot& snapshot_;
  bool looked_ = false;
  std::optional<Instant> from_;
};

}  // namespace crm::rollup
