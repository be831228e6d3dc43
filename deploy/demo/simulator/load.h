#pragma once
// Writes a history into a database.

#include <iosfwd>

#include "database.h"
#include "options.h"

namespace crm::simulator {

// In one transaction: everything or nothing. With `truncate` it empties the tables first; without, tables that hold
// rows are a DatabaseError. Progress goes to `log`, a line every few seconds.
void load_history(Database& database, const History& history, bool truncate, std::ostream& log);

}  // namespace crm::simulator
