#include "app/landing_page.h"

#include <fmt/format.h>

#include "app/sampling.h"
#include "app/version.h"

namespace crm::app {
namespace {

constexpr const char* style = R"css(
:root { color-scheme: light dark; --line: #d4d9dd; --quiet: #5f6b73; --good: #1a7f4b; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4248; --quiet: #9aa7b0; --good: #5cc98f; --bad: #ff8a80; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; } .quiet { color: var(--quiet); } .good { color: var(--good); } .bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; } th { white-space: nowrap; text-align: left; font-weight: 600; color: var(--quiet); }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
code { font: .9em ui-monospace, monospace; } ul { padding-left: 1.2rem; margin: 0; }
)css";

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string age_cell(const store::ResultPtr& result, std::chrono::milliseconds limit) {
  if (!result) return "<td class=\"bad\">no sample yet</td>";
  const auto age =
      std::chrono::duration_cast<std::chrono::seconds>(store::age(*result, std::chrono::steady_clock::now()));
  if (age > limit) return fmt::format("<td class=\"bad\">stale: {} s old</td>", age.count());
  return fmt::format("<td class=\"good\">{} s old</td>", age.count());
}

std::string collector_rows(const House& house, const Addresses& addresses) {
  std::string rows;
  for (const auto& collector : house.plugins.collectors) {
    const Description& description = collector->description();
    const auto result = house.ground.results->kept(sampling_key(description.name));
    rows += fmt::format(
        "<tr><td><a href=\"http://{0}/api/dashboard/{1}\"><code>{1}</code></a></td><td>{2}<br><span "
        "class=\"quiet\">{3}</span>"
        "</td><td>{4}</td>{5}</tr>\n",
        escaped(addresses.api), escaped(description.name), escaped(description.title), escaped(description.help),
        description.families.size(), age_cell(result, stale_after(house, description)));
  }
  for (const auto& failure : house.plugins.failed) {
    rows += fmt::format("<tr><td><code>{}</code></td><td class=\"bad\" colspan=\"3\">did not load: {}</td></tr>\n",
                        escaped(failure.plugin), escaped(failure.what));
  }
  return rows;
}

}  // namespace

std::string landing_page(const House& house, const Addresses& addresses, bool ready) {
  const std::string database = house.postgres ? house.postgres->place() : "none configured";
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>crm-metricsd</title>"
      "<meta name=\"viewport\" content=\"width=device-width\"><style>{}</style></head>\n<body>\n"
      "<h1>crm-metricsd</h1>\n<p class=\"quiet\">Is our WhatsApp customer support working, right now and over "
      "time?</p>\n"
      "<p>Version {} ({}), <span class=\"{}\">{}</span>. Database <code>{}</code>, business zone {}.</p>\n"
      "<h2>Here</h2>\n<ul><li><a href=\"/metrics\"><code>/metrics</code></a> for Prometheus</li>"
      "<li><a href=\"/-/healthy\"><code>/-/healthy</code></a> the process lives</li>"
      "<li><a href=\"/-/ready\"><code>/-/ready</code></a> it may be sent requests</li></ul>\n"
      "<h2>JSON API at <a href=\"http://{}/api/dashboard\"><code>{}</code></a></h2>\n"
      "<table><tr><th>Section</th><th>What</th><th>Families</th><th>Last "
      "sample</th></tr>\n{}</table>\n</body>\n</html>\n",
      style, escaped(version()), escaped(revision()), ready ? "good" : "bad", ready ? "ready" : "not ready",
      escaped(database), escaped(house.zone->name()), escaped(addresses.api), escaped(addresses.api),
      collector_rows(house, addresses));
}

}  // namespace crm::app
