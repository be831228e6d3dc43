#pragma once
// What collectors are told of besides the CRM's rows: the WhatsApp queue and sessions. It belongs to no agent, so every
// role sees it.

#include <chrono>
#include <memory>

#include "rollup/sessions.h"
#include "rollup/table_queue.h"
#include "source/gateway/gateway.h"
#include "source/queue/queues.h"
#include "source/redis/redis.h"

namespace crm::rollup {

// Shared by the runs of one house; all that it points to is thread-safe.
struct Infrastructure {
  SessionRules sessions;
  std::shared_ptr<source::Gateways> gateways = {};  // that have the sessions; null: the view has them
  std::shared_ptr<SeenSessions> seen_sessions = std::make_shared<SeenSessions>();
  std::shared_ptr<TableQueue> table_queue = std::make_shared<TableQueue>();
  std::chrono::seconds table_max_age{86'400};
  std::shared_ptr<source::Redis> redis = {};    // null where none is configured; the queue is then the table's
  std::shared_ptr<source::Queues> queues = {};  // of that Redis
};

}  // namespace crm::rollup
