// Where the WhatsApp queue and the sessions are read from. No Redis is read by this version: the queue is the CRM's
// table.

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "app/check/subjects.h"
#include "sql.h"

namespace crm::app {
namespace {

// Runs a statement over one view and hands on its only row; what is wrong with the view was told where views are told.
template <typename Use>
void ask(Checkup& checkup, const std::string& view, std::string_view thing, const Statement& statement, Use use) {
  if (checkup.broken.contains(view)) return;
  try {
    const Rows rows = open_snapshot(checkup.house)->run(statement.name, statement.text, {}, true);
    if (rows.absent()) {
      checkup.findings.ok(thing, fmt::format("not known: there is no view {}", view));
    } else {
      use(rows[0]);
    }
  } catch (const std::exception& error) {
    checkup.findings.error(thing, error.what());
  }
}

}  // namespace

void check_queue(Checkup& checkup) {
  Findings& findings = checkup.findings;
  findings.heading("Queue and sessions");
  ask(checkup, "messages", "queue", sql::pending_messages, [&](const Row& row) {
    const auto waiting = row.integer("waiting");
    std::string line = "the CRM's own table (messages with status pending): nothing waits";
    if (waiting > 0) {
      line = fmt::format("the CRM's own table (messages with status pending): {} {}, the oldest for {} s", waiting,
                         waiting == 1 ? "waits" : "wait", row.integer("oldest_seconds"));
    }
    findings.ok("queue", line);
  });
  ask(checkup, "whatsapp_sessions", "sessions", sql::session_count, [&](const Row& row) {
    const auto sessions = row.integer("sessions");
    findings.ok("sessions", sessions == 0 ? "the view whatsapp_sessions, which is empty: no session is watched"
                                          : fmt::format("the view whatsapp_sessions: {}, {} with an instant last seen",
                                                        sessions, row.integer("seen")));
  });
}

}  // namespace crm::app
