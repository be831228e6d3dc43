#include <algorithm>
#include <charconv>
#include <cmath>

#include <crm/sdk/errors.h>
#include <crm/sdk/rows.h>

namespace crm {
namespace {

std::string unreadable(std::string_view column, std::string_view text, std::string_view type) {
  std::size_t shown = 40;
  while (text.size() > shown && (static_cast<unsigned char>(text[shown]) & 0xC0U) == 0x80U)
    --shown;  // whole characters
  std::string message = "column '" + std::string(column) + "': '";
  message += text.substr(0, shown);
  if (text.size() > shown) message += "…";
  return message + "' is not " + std::string(type);
}

template <typename Number>
Number parse_number(std::string_view column, std::string_view text, std::string_view type) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) throw BadValue(unreadable(column, text, type));
  return number;
}

}  // namespace

Rows::Rows(std::vector<std::string> columns, std::vector<Cells> cells)
    : columns_(std::move(columns)), cells_(std::move(cells)) {
  for (const Cells& row : cells_) {
    if (row.size() != columns_.size()) {
      throw UsageError("a row has " + std::to_string(row.size()) + " cells, the statement " +
                       std::to_string(columns_.size()) + " columns");
    }
  }
}

Rows Rows::of_absent_view(std::string view) {
  Rows rows;
  rows.absent_view_ = std::move(view);
  return rows;
}

std::size_t Rows::each(const std::function<void(const Row&)>& use) const {
  std::size_t skipped = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    try {
      use(Row(*this, i));
    } catch (const BadValue& bad) {
      ++skipped;
      if (on_skip_) on_skip_(bad.what());
    }
  }
  return skipped;
}

const std::optional<std::string>& Row::cell(std::string_view column) const {
  const auto found = std::find(rows_->columns_.begin(), rows_->columns_.end(), column);
  if (found == rows_->columns_.end()) throw UsageError("the statement has no column '" + std::string(column) + "'");
  return rows_->cells_[index_][static_cast<std::size_t>(found - rows_->columns_.begin())];
}

std::string_view Row::required(std::string_view column) const {
  const auto& value = cell(column);
  if (!value) throw BadValue("column '" + std::string(column) + "' is NULL");
  return *value;
}

bool Row::is_null(std::string_view column) const {
  return !cell(column).has_value();
}

std::string_view Row::text(std::string_view column) const {
  return required(column);
}

std::int64_t Row::integer(std::string_view column) const {
  return parse_number<std::int64_t>(column, required(column), "a 64-bit integer");
}

double Row::real(std::string_view column) const {
  const std::string_view text = required(column);
  const double number = parse_number<double>(column, text, "a number");
  if (!std::isfinite(number)) throw BadValue(unreadable(column, text, "a finite number"));
  return number;
}

bool Row::boolean(std::string_view column) const {
  const std::string_view text = required(column);
  if (text == "t" || text == "true") return true;
  if (text == "f" || text == "false") return false;
  throw BadValue(unreadable(column, text, "a boolean"));
}

Instant Row::instant(std::string_view column) const {
  const std::string_view text = required(column);
  const auto instant = parse_instant(text);
  if (!instant) throw BadValue(unreadable(column, text, "an instant"));
  return *instant;
}

std::optional<Instant> Row::maybe_instant(std::string_view column) const {
  if (is_null(column)) return std::nullopt;
  return instant(column);
}

std::string_view Row::text_or(std::string_view column, std::string_view otherwise) const {
  const auto& value = cell(column);
  return value ? std::string_view(*value) : otherwise;
}

}  // namespace crm
