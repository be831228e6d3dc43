#include "app/admin.h"

#include <vector>

#include "app/sampling.h"
#include "metrics/accept_encoding.h"
#include "metrics/exposition.h"
#include "metrics/staleness.h"

namespace crm::app {
namespace {

constexpr const char* metrics_type = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* text_type = "text/plain; charset=utf-8";

metrics::Exposition exposition(const AdminState& state) {
  const House& house = *state.house;
  std::vector<metrics::Sampled> sampled;
  for (const auto& collector : house.plugins.collectors) {
    const Description& description = collector->description();
    sampled.push_back({house.ground.results->kept(sampling_key(description.name)), stale_after(house, description)});
  }
  metrics::Exposition exposition;
  for (const auto& result : metrics::fresh(sampled, std::chrono::steady_clock::now())) exposition.add(result->block);
  if (house.postgres) {
    const auto usage = house.postgres->usage();
    house.ground.telemetry->pool_connections(usage.idle, usage.busy);
  }
  house.ground.telemetry->requests_in_flight(metrics::Listener::admin, state.admin_in_flight);
  house.ground.telemetry->requests_in_flight(metrics::Listener::api, state.api_in_flight);
  exposition.add(house.ground.telemetry->text());
  return exposition;
}

http::Response scrape(const http::Request& request, const AdminState& state) {
  std::string accepted;
  for (const auto& [name, value] : request.headers) {
    if (http::equal_ignoring_case(name, "Accept-Encoding")) accepted += (accepted.empty() ? "" : ",") + value;
  }
  const bool gzip = metrics::accepts_gzip(accepted);
  http::Response response = http::text_response(200, metrics_type, exposition(state).body(gzip));
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

}  // namespace

http::Router admin_routes(const std::function<AdminState()>& state) {
  http::Router router;
  router.get("/metrics", [state](const http::Request& request) { return scrape(request, state()); });
  router.get("/-/healthy", [](const http::Request&) { return http::text_response(200, text_type, "healthy\n"); });
  router.get("/-/ready", [state](const http::Request&) {
    const AdminState now = state();
    if (now.ready) return http::text_response(200, text_type, "ready\n");
    return http::text_response(503, text_type, "not ready: " + now.why_not + "\n");
  });
  router.get("/", [state](const http::Request&) {
    const AdminState now = state();
    return http::text_response(200, "text/html; charset=utf-8", landing_page(*now.house, now.addresses, now.ready));
  });
  return router;
}

}  // namespace crm::app
