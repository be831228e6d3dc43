// Shows the queues and sessions as the sources give them; without a queue, its report is partial.

#include <crm/sdk/errors.h>

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config&) {
  crm::Description description = tiny::description("queues");
  description.schedule.timeout = std::chrono::seconds(5);
  description.families = {{.name = "crm_test_queue_depth", .help = "Jobs of a queue.", .labels = {"queue"}},
                          {.name = "crm_test_queue_completed_total",
                           .type = crm::Family::Type::counter,
                           .help = "Jobs that a queue completed.",
                           .labels = {"queue"}}};
  return tiny::one(std::move(description), [](const crm::Request&, crm::Sources& sources) {
    crm::Json document{{"queues", crm::Json::object()}, {"sessions", crm::Json::array()}};
    for (const crm::Session& session : sources.sessions()) document["sessions"].push_back(session.label);
    crm::Report report;
    try {
      for (const crm::QueueState& queue : sources.queues()) {
        document["queues"][queue.queue] = queue.depth;
        report.samples.push_back(
            {.family = "crm_test_queue_depth", .labels = {queue.queue}, .value = static_cast<double>(queue.depth)});
        report.samples.push_back({.family = "crm_test_queue_completed_total",
                                  .labels = {queue.queue},
                                  .value = static_cast<double>(queue.completed_total)});
      }
    } catch (const crm::SourceUnavailable& unavailable) {
      report.partial.push_back({unavailable.what()});
    }
    report.document = crm::share(std::move(document));
    return report;
  });
}

}  // namespace

CRM_COLLECTOR_PLUGIN("queues", make)
