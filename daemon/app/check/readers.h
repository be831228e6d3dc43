#pragma once
// Which collectors read which views and columns: told from their statements and facts.

#include <string>
#include <string_view>
#include <vector>

#include "app/house.h"
#include "source/sql_text.h"

namespace crm::app {

struct Reader {
  std::string collector;
  source::Reads reads;
};

// One for each enabled collector.
std::vector<Reader> readers_of(const House& house);

// "kpi, whatsapp-performance": those that read the view, or a column of it; empty: none does.
std::string who_reads(const std::vector<Reader>& readers, std::string_view view);
std::string who_reads(const std::vector<Reader>& readers, std::string_view view, std::string_view column);

}  // namespace crm::app
