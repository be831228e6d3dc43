#pragma once
// Prometheus text format 0.0.4 from prometheus-cpp's families.

#include <iosfwd>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/serializer.h>

namespace crm::metrics {

inline constexpr const char* text_content_type = "text/plain; version=0.0.4; charset=utf-8";

// Appends HELP, TYPE and all samples of one family; nothing of a family without samples.
void append_text(std::string& out, const prometheus::MetricFamily& family);

// Takes the place of prometheus::TextSerializer, which prints 15 digits of a number, leaves HELP unescaped and goes
// through an ostream. Here numbers are the shortest that read back as the same double.
class ExactTextSerializer : public prometheus::Serializer {
 public:
  using prometheus::Serializer::Serialize;
  std::string Serialize(const std::vector<prometheus::MetricFamily>& families) const override;
  void Serialize(std::ostream& out, const std::vector<prometheus::MetricFamily>& families) const override;
};

}  // namespace crm::metrics
