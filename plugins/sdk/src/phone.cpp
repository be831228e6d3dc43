#include <crm/sdk/phone.h>

namespace crm {
namespace {

constexpr int fewest_digits = 7;
constexpr std::size_t shown_digits = 4;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool may_separate(char c) {
  return c == '+' || c == '(' || c == ')' || c == '-' || c == '.' || c == ' ';
}

struct Number {
  std::size_t end;  // behind its last digit
  std::string digits;
};

// The digits from `begin` on, with at most two separators between two of them (") ", for one).
Number number_at(std::string_view text, std::size_t begin) {
  Number number{begin, {}};
  std::size_t separators = 0;
  for (std::size_t i = begin; i < text.size() && separators <= 2; ++i) {
    if (is_digit(text[i])) {
      number.digits += text[i];
      number.end = i + 1;
      separators = 0;
    } else if (may_separate(text[i])) {
      ++separators;
    } else {
      break;
    }
  }
  return number;
}

// What stands before the first digit and belongs to the number: "+", "(", "+(".
void drop_prefix(std::string& masked) {
  while (!masked.empty() && (masked.back() == '+' || masked.back() == '(')) masked.pop_back();
}

}  // namespace

std::string mask_phone_numbers(std::string_view text) {
  std::string masked;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      masked += text[i++];
      continue;
    }
    const Number number = number_at(text, i);
    if (number.digits.size() < fewest_digits) {
      masked += text.substr(i, number.end - i);
    } else {
      drop_prefix(masked);
      masked += "…" + number.digits.substr(number.digits.size() - shown_digits);
    }
    i = number.end;
  }
  return masked;
}

}  // namespace crm
