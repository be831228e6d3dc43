#pragma once

#include <string>

namespace crm::testing {

// Other clients of the same pool, who leave all that a session can leave in every server connection of it, and go: time
// zone, formats, search path and tables in it that are called like the views, roles, isolation, timeouts of a
// millisecond, prepared statements, cursors, locks. In transaction mode nobody cleans up after them.
void leave_session_state(const std::string& pooler_url);

}  // namespace crm::testing
