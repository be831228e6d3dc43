#include "rows.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace crm::simulator {
namespace {

struct Target {
  std::string_view name;
  std::string_view copy;
};

constexpr std::array<Target, table_count> targets{{
    {"profiles", "profiles (id, full_name, role, is_active, created_at)"},
    {"team_members", "team_members (supervisor_id, agent_id)"},
    {"agent_activity_logs",
     "agent_activity_logs (id, agent_id, status, started_at, ended_at, duration_seconds, created_at)"},
    {"contacts", "contacts (id, name, phone, created_at, lead_at, lead_agent_id)"},
    {"conversations",
     "conversations (id, contact_id, assigned_agent_id, status, created_at, escalated_at, resolved_at, "
     "resolution_time_seconds, first_response_time_seconds, csat_score)"},
    {"messages",
     "messages (id, conversation_id, campaign_id, direction, sender_type, sender_id, recipient, content, "
     "delivery_status, created_at, sent_at, delivered_at, read_at, failed_at, failed_reason)"},
    {"tickets",
     "tickets (id, contact_id, conversation_id, assigned_agent_id, subject, priority, created_at, resolved_at)"},
    {"campaigns", "campaigns (id, name, created_at)"},
    {"campaign_recipients",
     "campaign_recipients (campaign_id, contact_id, message_id, assigned_agent_id, status, sent_at, converted_at)"},
    {"conversation_intents", "conversation_intents (id, conversation_id, intent, succeeded, detected_at)"},
    {"whatsapp_sessions", "whatsapp_sessions (session_id, phone_number, status, last_seen)"},
}};

void append_hex(std::string& out, std::uint64_t value, int from_nibble, int nibbles) {
  for (int i = from_nibble; i < from_nibble + nibbles; ++i) {
    out += "0123456789abcdef"[(value >> static_cast<unsigned>(60 - 4 * i)) & 0xFU];
  }
}

void append_uuid(std::string& out, const Uuid& id) {
  append_hex(out, id.high, 0, 8);
  out += '-';
  append_hex(out, id.high, 8, 4);
  out += '-';
  append_hex(out, id.high, 12, 4);
  out += '-';
  append_hex(out, id.low, 0, 4);
  out += '-';
  append_hex(out, id.low, 4, 12);
}

void append_digits(std::string& out, std::int64_t value, int width) {
  std::array<char, 20> digits{};
  for (int i = width - 1; i >= 0; --i, value /= 10) {
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
  }
  out.append(digits.data(), static_cast<std::size_t>(width));
}

void append_timestamp(std::string& out, Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::int64_t micros = (instant - day).count();
  append_digits(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += ' ';
  append_digits(out, micros / 3'600'000'000, 2);
  out += ':';
  append_digits(out, micros / 60'000'000 % 60, 2);
  out += ':';
  append_digits(out, micros / 1'000'000 % 60, 2);
  out += '.';
  append_digits(out, micros % 1'000'000, 6);
}

// splitmix64's finaliser.
std::uint64_t scatter(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

}  // namespace

std::string_view table_name(Table table) {
  return targets[static_cast<std::size_t>(table)].name;
}
std::string_view copy_target(Table table) {
  return targets[static_cast<std::size_t>(table)].copy;
}

Uuid make_uuid(Random& random, Instant near) {
  const auto day = std::chrono::floor<std::chrono::days>(near).time_since_epoch().count();
  const std::uint64_t prefix = scatter(static_cast<std::uint64_t>(day) + 0x9e3779b97f4a7c15U) & 0xFFFF'FF00'0000'0000U;
  Uuid id{prefix | (random.bits() >> 24U), random.bits()};
  id.high = (id.high & 0xFFFF'FFFF'FFFF'0FFFU) | 0x4000U;               // version 4
  id.low = (id.low & 0x3FFF'FFFF'FFFF'FFFFU) | 0x8000'0000'0000'0000U;  // its variant
  return id;
}

std::string to_string(const Uuid& id) {
  std::string text;
  append_uuid(text, id);
  return text;
}

std::string to_timestamp(Instant instant) {
  std::string text;
  append_timestamp(text, instant);
  return text;
}

RowWriter::RowWriter(Flush flush, std::size_t batch_bytes) : flush_(std::move(flush)), batch_bytes_(batch_bytes) {}

RowWriter& RowWriter::row(Table table) {
  table_ = table;
  first_ = true;
  return *this;
}

void RowWriter::separate() {
  if (!first_) buffer() += '\t';
  first_ = false;
}

RowWriter& RowWriter::id(const Uuid& value) {
  separate();
  append_uuid(buffer(), value);
  return *this;
}

RowWriter& RowWriter::id(const std::optional<Uuid>& value) {
  return value ? id(*value) : null();
}

RowWriter& RowWriter::time(Instant value) {
  separate();
  append_timestamp(buffer(), value);
  return *this;
}

RowWriter& RowWriter::time(const std::optional<Instant>& value) {
  return value ? time(*value) : null();
}

RowWriter& RowWriter::text(std::string_view value) {
  separate();
  for (const char c : value) {
    if (c == '\\' || c == '\t' || c == '\n' || c == '\r') buffer() += '\\';
    buffer() += c;
  }
  return *this;
}

RowWriter& RowWriter::number(std::int64_t value) {
  separate();
  fmt::format_to(std::back_inserter(buffer()), "{}", value);
  return *this;
}

RowWriter& RowWriter::number(const std::optional<std::int64_t>& value) {
  return value ? number(*value) : null();
}

RowWriter& RowWriter::flag(std::optional<bool> value) {
  if (!value) return null();
  separate();
  buffer() += *value ? 't' : 'f';
  return *this;
}

RowWriter& RowWriter::null() {
  separate();
  buffer() += "\\N";
  return *this;
}

void RowWriter::end() {
  buffer() += '\n';
  ++rows_[static_cast<std::size_t>(table_)];
  if (buffer().size() >= batch_bytes_) {
    flush_(table_, buffer());
    buffer().clear();
  }
}

void RowWriter::finish() {
  for (std::size_t i = 0; i < table_count; ++i) {
    if (!buffers_[i].empty()) flush_(static_cast<Table>(i), buffers_[i]);
    buffers_[i].clear();
  }
}

}  // namespace crm::simulator
