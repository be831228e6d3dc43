#pragma once
// Rows of the CRM's base tables as PostgreSQL's COPY reads them, one buffer for each table.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <crm/sdk/instant.h>

#include "random.h"

namespace crm::simulator {

enum class Table {
  profiles,
  team_members,
  agent_activity_logs,
  contacts,
  conversations,
  messages,
  tickets,
  campaigns,
  campaign_recipients,
  conversation_intents,
  whatsapp_sessions,
};
inline constexpr std::size_t table_count = 11;

// "messages", and "messages (id, conversation_id, …)" with the columns in the order in which rows are written.
std::string_view table_name(Table table);
std::string_view copy_target(Table table);

struct Uuid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const Uuid&, const Uuid&) = default;
};

// Random, but ids of one day share their first bytes, in an order that has nothing to do with time: bulk loads touch
// few pages of the key's index, and nobody can take the order of ids for that of events.
Uuid make_uuid(Random& random, Instant near);
std::string to_string(const Uuid& id);

// "2026-11-23 22:40:18.123456", UTC.
std::string to_timestamp(Instant instant);

// Collects rows and hands them on by the megabyte, so that memory stays bounded.
class RowWriter {
 public:
  using Flush = std::function<void(Table, std::string_view rows)>;

  explicit RowWriter(Flush flush, std::size_t batch_bytes = std::size_t{4} << 20U);

  // Start a row, add its columns in order, and end it.
  RowWriter& row(Table table);
  RowWriter& id(const Uuid& value);
  RowWriter& id(const std::optional<Uuid>& value);
  RowWriter& time(Instant value);
  RowWriter& time(const std::optional<Instant>& value);
  RowWriter& text(std::string_view value);
  RowWriter& number(std::int64_t value);
  RowWriter& number(const std::optional<std::int64_t>& value);
  RowWriter& flag(std::optional<bool> value);
  RowWriter& null();
  void end();

  // Hands on what is left.
  void finish();

  std::int64_t rows(Table table) const { return rows_[static_cast<std::size_t>(table)]; }

 private:
  void separate();
  std::string& buffer() { return buffers_[static_cast<std::size_t>(table_)]; }

  Flush flush_;
  std::size_t batch_bytes_;
  std::array<std::string, table_count> buffers_;
  std::array<std::int64_t, table_count> rows_{};
  Table table_ = Table::profiles;
  bool first_ = true;
};

}  // namespace crm::simulator
