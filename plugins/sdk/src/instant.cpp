#include <charconv>
#include <cstdlib>
#include <string>

#include <crm/sdk/instant.h>

namespace crm {
namespace {

namespace chrono = std::chrono;

// An offset may carry a good date out of the years that PostgreSQL and ISO-8601 both write with four digits.
constexpr Instant first_instant{chrono::sys_days{chrono::year{1} / 1 / 1}};
constexpr Instant after_last{chrono::sys_days{chrono::year{10'000} / 1 / 1}};

// Reads fixed-width fields from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<int> digits(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    int value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + width, value);
    if (error != std::errc{} || end != rest_.data() + width || rest_.front() == '-') return std::nullopt;
    rest_.remove_prefix(width);
    return value;
  }

  // ".123456": further digits are cut, as PostgreSQL keeps six.
  std::optional<Duration> fraction() {
    int micros = 0;
    int taken = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), ++taken) {
      if (taken < 6) micros = micros * 10 + (rest_.front() - '0');
    }
    if (taken == 0 || taken > 12) return std::nullopt;
    for (; taken < 6; ++taken) micros *= 10;
    return Duration{micros};
  }

 private:
  std::string_view rest_;
};

std::optional<chrono::sys_days> read_date(Reader& reader) {
  const auto year = reader.digits(4);
  if (!year || !reader.take('-')) return std::nullopt;
  const auto month = reader.digits(2);
  if (!month || !reader.take('-')) return std::nullopt;
  const auto day = reader.digits(2);
  if (!day) return std::nullopt;
  const chrono::year_month_day date{chrono::year{*year}, chrono::month{static_cast<unsigned>(*month)},
                                    chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *year < 1) return std::nullopt;
  return chrono::sys_days{date};
}

std::optional<Duration> read_time(Reader& reader) {
  const auto hour = reader.digits(2);
  if (!hour || *hour > 23 || !reader.take(':')) return std::nullopt;
  const auto minute = reader.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  Duration time = chrono::hours{*hour} + chrono::minutes{*minute};
  if (!reader.take(':')) return time;
  const auto second = reader.digits(2);
  if (!second || *second > 59) return std::nullopt;
  time += chrono::seconds{*second};
  if (!reader.take('.')) return time;
  const auto fraction = reader.fraction();
  if (!fraction) return std::nullopt;
  return time + *fraction;
}

std::optional<Duration> read_offset(Reader& reader) {
  if (reader.take('Z') || reader.take('z')) return Duration::zero();
  const int sign = reader.peek() == '-' ? -1 : 1;
  if (!reader.take('+') && !reader.take('-')) return std::nullopt;
  const auto hour = reader.digits(2);
  if (!hour || *hour > 15) return std::nullopt;
  Duration offset = chrono::hours{*hour};
  if (reader.done()) return offset * sign;
  reader.take(':');
  const auto minute = reader.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  offset += chrono::minutes{*minute};
  return offset * sign;
}

// With four digits at least, as %04d writes it.
std::string year_of(const chrono::year_month_day& date) {
  const int year = static_cast<int>(date.year());
  const std::string digits = std::to_string(std::abs(year));
  return (year < 0 ? "-" : "") + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::string to_iso(Instant instant) {
  const auto day = chrono::floor<chrono::days>(instant);
  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss time{instant - day};
  std::string iso = year_of(date);
  // A month's answer writes thousands: printf would take a fifth of its time.
  const auto write = [&iso](char before, std::int64_t number, std::int64_t unit) {
    for (iso += before; unit > 0; unit /= 10) iso += static_cast<char>('0' + number / unit % 10);
  };
  write('-', static_cast<unsigned>(date.month()), 10);
  write('-', static_cast<unsigned>(date.day()), 10);
  write('T', time.hours().count(), 10);
  write(':', time.minutes().count(), 10);
  write(':', time.seconds().count(), 10);
  if (const auto micros = time.subseconds().count(); micros != 0) write('.', micros, 100'000);
  return iso + "Z";
}

std::optional<Instant> parse_instant(std::string_view text) {
  Reader reader(text);
  const auto date = read_date(reader);
  if (!date || (!reader.take('T') && !reader.take('t') && !reader.take(' '))) return std::nullopt;
  const auto time = read_time(reader);
  if (!time) return std::nullopt;
  const auto offset = read_offset(reader);
  if (!offset || !reader.done()) return std::nullopt;
  const Instant instant = Instant{*date} + *time - *offset;
  return instant >= first_instant && instant < after_last ? std::optional(instant) : std::nullopt;
}

}  // namespace crm
