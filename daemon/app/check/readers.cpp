#include "app/check/readers.h"

#include <fmt/format.h>

namespace crm::app {
namespace {

void add(source::Reads& all, std::string_view sql) {
  for (const auto& [view, columns] : source::reads_of(sql)) all[view].insert(columns.begin(), columns.end());
}

std::string names_of(const std::vector<Reader>& readers, const std::function<bool(const source::Reads&)>& reads) {
  std::vector<std::string> names;
  for (const Reader& reader : readers) {
    if (reads(reader.reads)) names.push_back(reader.collector);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::vector<Reader> readers_of(const House& house) {
  std::vector<Reader> readers;
  for (const auto& collector : house.plugins.collectors) {
    const Description& description = collector->description();
    Reader reader{description.name, {}};
    for (const Statement& statement : description.statements) add(reader.reads, statement.text);
    for (const std::string& fact : description.facts_read) add(reader.reads, house.facts.get(fact).sql);
    readers.push_back(std::move(reader));
  }
  return readers;
}

std::string who_reads(const std::vector<Reader>& readers, std::string_view view) {
  return names_of(readers, [&](const source::Reads& reads) { return reads.contains(view); });
}

std::string who_reads(const std::vector<Reader>& readers, std::string_view view, std::string_view column) {
  return names_of(readers, [&](const source::Reads& reads) {
    const auto columns = reads.find(view);
    return columns != reads.end() && columns->second.contains(std::string(column));
  });
}

}  // namespace crm::app
