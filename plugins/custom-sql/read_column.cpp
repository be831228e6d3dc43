#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <crm/sdk/errors.h>

#include "read_definitions.h"
#include "select_text.h"

namespace custom_sql {
namespace {

using crm::ConfigError;

// In the order of the enumerations.
const std::vector<std::string> roles{"label", "gauge", "counter", "bucket", "sum", "detail"};
const std::vector<std::string> types{"text", "integer", "real", "boolean", "instant", "phone"};
const std::vector<std::string> merges{"refuse", "sum", "max", "min"};

struct Rule {
  std::vector<Type> types;  // that may be; the first is the default
  std::vector<std::string> options;
};

const Rule& rule_of(Role role) {
  static const std::array<Rule, 6> rules{
      Rule{{Type::text, Type::integer, Type::boolean}, {"label", "max_values"}},
      Rule{{Type::real, Type::integer, Type::boolean, Type::instant}, {"metric", "help", "labels", "merge"}},
      Rule{{Type::real, Type::integer}, {"metric", "help", "labels"}},
      Rule{{Type::integer}, {"metric", "help", "le"}},
      Rule{{Type::real, Type::integer}, {"metric", "help"}},
      Rule{{Type::text, Type::integer, Type::real, Type::boolean, Type::instant, Type::phone}, {}}};
  return rules[static_cast<std::size_t>(role)];
}

std::string underscored(std::string name) {
  for (char& c : name) c = c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

constexpr std::string_view metric_prefix = "crm_custom_";

bool is_metric(const std::string& name) {
  return name.size() > metric_prefix.size() && name.size() <= 100 && name.starts_with(metric_prefix) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_label(const std::string& name) {
  return is_identifier(name) && !name.starts_with("__") && name != "le" && name != "quantile";
}
constexpr const char* label_said =
    "letters, digits and _, not beginning with a digit or __, and neither le nor quantile";

class ColumnReader {
 public:
  ColumnReader(const crm::Config& config, const std::string& key, const Definition& collector, Column& column)
      : config_(config), key_(key), collector_(collector), column_(column) {}

  void read() {
    if (!config_.has(at("role"))) fail("role", "is missing; it is label, gauge, counter, bucket, sum or detail");
    column_.role = static_cast<Role>(word_at(config_, at("role"), roles, 0));
    refuse_options_of_other_roles();
    read_type();
    if (has_option("metric")) read_metric();
    if (has_option("labels")) read_labels();
    if (has_option("le")) read_bound();
    if (has_option("label")) read_label();
    column_.merge = static_cast<Merge>(word_at(config_, at("merge"), merges, 0));
  }

 private:
  std::string at(const std::string& option) const { return key_ + "." + option; }
  [[noreturn]] void fail(const std::string& option, const std::string& message) const {
    throw ConfigError(at(option), message);
  }
  const std::string& role_name() const { return roles[static_cast<std::size_t>(column_.role)]; }
  bool has_option(const std::string& option) const {
    const auto& own = rule_of(column_.role).options;
    return std::find(own.begin(), own.end(), option) != own.end();
  }

  void refuse_options_of_other_roles() const {
    for (const char* option : {"metric", "help", "labels", "merge", "le", "label", "max_values"}) {
      if (config_.has(at(option)) && !has_option(option)) {
        fail(option, "means nothing for a column of role " + role_name() + "; remove it");
      }
    }
  }

  void read_type() {
    const std::vector<Type>& may = rule_of(column_.role).types;
    column_.type = static_cast<Type>(word_at(config_, at("type"), types, static_cast<std::size_t>(may.front())));
    if (std::find(may.begin(), may.end(), column_.type) != may.end()) return;
    std::string all;
    for (const Type type : may) {
      all += (all.empty() ? "" : type == may.back() ? " or " : ", ") + types[static_cast<std::size_t>(type)];
    }
    fail("type", "must be " + all + " for role " + role_name());
  }

  bool of_histogram() const { return column_.role == Role::bucket || column_.role == Role::sum; }

  void read_metric() {
    std::string otherwise = std::string(metric_prefix) + underscored(collector_.name);
    if (!of_histogram()) otherwise += "_" + underscored(column_.name);
    if (column_.role == Role::counter && !otherwise.ends_with("_total")) otherwise += "_total";
    column_.metric = config_.text(at("metric"), otherwise);
    if (!is_metric(column_.metric)) {
      fail("metric",
           "'" + column_.metric + "' must begin with crm_custom_ and go on in a-z, 0-9 and _, up to 100 of them");
    }
    if ((column_.role == Role::counter) != column_.metric.ends_with("_total")) {
      fail("metric", "'" + column_.metric + "' must end in _total if it is a counter, and only then");
    }
    column_.help = config_.text(at("help"), collector_.help);
    if (column_.help.empty()) fail("help", "is empty");
  }

  void read_labels() {
    const std::string below = at("labels.");
    for (const std::string& name : config_.keys(at("labels"))) {
      if (!is_label(name)) fail("labels", "'" + name + "' is no name of a label; use " + label_said);
      column_.labels.emplace_back(name, config_.text(below + name, ""));
    }
    std::sort(column_.labels.begin(), column_.labels.end());
  }

  void read_bound() {
    const std::string text = config_.text(at("le"), "");
    if (text.empty()) fail("le", "is missing; it is the bucket's upper bound, or inf for the one of all");
    if (text == "inf" || text == ".inf" || text == "+Inf") {
      column_.le = std::numeric_limits<double>::infinity();
      return;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), column_.le);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(column_.le)) {
      fail("le", "must be a number or inf, not '" + text + "'");
    }
  }

  void read_label() {
    column_.label = config_.text(at("label"), column_.name);
    if (!is_label(column_.label)) fail("label", "'" + column_.label + "' is no name of a label; use " + label_said);
    const std::int64_t most = config_.integer(at("max_values"), 50);
    if (most < 1 || most > 1'000) fail("max_values", "must be 1 to 1000");
    column_.max_values = static_cast<std::size_t>(most);
  }

  const crm::Config& config_;
  const std::string& key_;
  const Definition& collector_;
  Column& column_;
};

}  // namespace

Column read_column(const crm::Config& config, const std::string& key, const std::string& column,
                   const Definition& collector) {
  Column read;
  read.name = column;
  ColumnReader(config, key, collector, read).read();
  return read;
}

}  // namespace custom_sql
