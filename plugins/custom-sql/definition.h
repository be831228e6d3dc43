#pragma once
// What a configuration says of one collector. See README.md for what each part means.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <crm/sdk/description.h>

namespace custom_sql {

enum class Role { label, gauge, counter, bucket, sum, detail };
enum class Type { text, integer, real, boolean, instant, phone };
enum class Merge { refuse, sum, max, min };

// One column of the query's result. What does not belong to its role keeps its default.
struct Column {
  std::string name;
  Role role = Role::detail;
  Type type = Type::text;
  std::string metric = {};                                       // gauge, counter, bucket, sum
  std::string help = {};                                         // of that family
  std::vector<std::pair<std::string, std::string>> labels = {};  // gauge, counter: labels that always have this value
  Merge merge = Merge::refuse;                                   // gauge: what becomes of rows with the same labels
  double le = 0;                                                 // bucket; the last is infinite
  std::string label = {};                                        // label: its name in Prometheus
  std::size_t max_values = 0;                                    // label
};

struct Definition {
  std::string key;    // of its options: "collectors.<name>"
  std::string place;  // where it stands: "file:line"
  std::string name;
  std::string title;
  std::string help;
  crm::Schedule schedule = {};
  crm::DefaultWindow window = {};
  std::int64_t max_rows = 0;
  bool allow_empty = true;
  std::string agent_column = {};  // empty: the section is for owner and admin
  bool business_data = false;
  std::string select = {};  // one SELECT, without a semicolon
  std::vector<Column> columns = {};

  std::string section() const { return std::string(crm::custom_prefix) + name; }
};

}  // namespace custom_sql
