// Many instants as one text, which promtool takes.
#include "metrics/open_metrics.h"

#include <sstream>

#include <gtest/gtest.h>

namespace crm::metrics {
namespace {

Instant at(int seconds) {
  return Instant(std::chrono::seconds(seconds));
}

std::string written(const OpenMetrics& metrics) {
  std::ostringstream out;
  metrics.write(out);
  return out.str();
}

TEST(OpenMetrics, PutsTheInstantsOfASeriesTogether) {
  OpenMetrics metrics;
  metrics.add(
      "# HELP crm_a_total What \"a\" is.\n# TYPE crm_a_total counter\ncrm_a_total{x=\"1\"} 0\ncrm_a_total{x=\"2\"} 5\n"
      "# HELP crm_b B.\n# TYPE crm_b gauge\ncrm_b 0.5\n",
      at(60));
  metrics.add(
      "# HELP crm_a_total What \"a\" is.\n# TYPE crm_a_total counter\ncrm_a_total{x=\"2\"} 7\n"
      "# HELP crm_b B.\n# TYPE crm_b gauge\ncrm_b 1.5\n",
      at(120));
  EXPECT_EQ(written(metrics),
            "# TYPE crm_a counter\n# HELP crm_a What \\\"a\\\" is.\n"
            "crm_a_total{x=\"1\"} 0 60.000\n"
            "crm_a_total{x=\"2\"} 5 60.000\ncrm_a_total{x=\"2\"} 7 120.000\n"
            "# TYPE crm_b gauge\n# HELP crm_b B.\ncrm_b 0.5 60.000\ncrm_b 1.5 120.000\n# EOF\n");
  EXPECT_EQ(metrics.samples(), 5U);
}

TEST(OpenMetrics, KeepsAHistogramOfOneInstantTogether) {
  const std::string block =
      "# HELP crm_h H.\n# TYPE crm_h histogram\n"
      "crm_h_bucket{agent=\"a\",le=\"1\"} 0\ncrm_h_bucket{agent=\"a\",le=\"+Inf\"} 2\ncrm_h_sum{agent=\"a\"} 9\n"
      "crm_h_count{agent=\"a\"} 2\n";
  OpenMetrics metrics;
  metrics.add(block, at(1));
  metrics.add(block, at(2));
  EXPECT_EQ(written(metrics),
            "# TYPE crm_h histogram\n# HELP crm_h H.\n"
            "crm_h_bucket{agent=\"a\",le=\"1\"} 0 1.000\ncrm_h_bucket{agent=\"a\",le=\"+Inf\"} 2 1.000\n"
            "crm_h_sum{agent=\"a\"} 9 1.000\ncrm_h_count{agent=\"a\"} 2 1.000\n"
            "crm_h_bucket{agent=\"a\",le=\"1\"} 0 2.000\ncrm_h_bucket{agent=\"a\",le=\"+Inf\"} 2 2.000\n"
            "crm_h_sum{agent=\"a\"} 9 2.000\ncrm_h_count{agent=\"a\"} 2 2.000\n# EOF\n");
}

TEST(OpenMetrics, AddsLabelsToEverySample) {
  OpenMetrics metrics({{"job", "crm"}, {"note", "a \"b\"\\\n"}});
  metrics.add("# HELP crm_b B.\n# TYPE crm_b gauge\ncrm_b 1\ncrm_b{x=\"} 2 {\"} 2\n", at(1));
  EXPECT_EQ(written(metrics),
            "# TYPE crm_b gauge\n# HELP crm_b B.\ncrm_b{job=\"crm\",note=\"a \\\"b\\\"\\\\\\n\"} 1 1.000\n"
            "crm_b{job=\"crm\",note=\"a \\\"b\\\"\\\\\\n\",x=\"} 2 {\"} 2 1.000\n# EOF\n");
}

TEST(OpenMetrics, OfNothingIsAnEnd) {
  OpenMetrics metrics;
  metrics.add("", at(1));
  EXPECT_EQ(written(metrics), "# EOF\n");
}

}  // namespace
}  // namespace crm::metrics
