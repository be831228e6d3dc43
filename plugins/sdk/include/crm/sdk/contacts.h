#pragma once
// Contacts of a window, each once, however many conversations it had: no sum of days. Conversations of the window that
// follow none of the same contact in it are as many, and those are: the fact `visits` has them by the day of the
// conversation before.

#include <cstdint>

#include <crm/sdk/sources.h>
#include <crm/sdk/statement.h>
#include <crm/sdk/window.h>

namespace crm {

// Everybody's: for scopes that see everyone (what others are told is nothing). `at_edge` is a statement of the plugin's
// that is the fragment contacts_at_edge.sql and nothing else: days of UTC are stored, and it is asked for what lies
// between the window's beginning and the nearer end of its day, twelve hours at most. Throws what Sources do.
std::int64_t contacts_of_everyone(Sources& sources, const Statement& at_edge, const Window& window);

}  // namespace crm
