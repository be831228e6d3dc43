#pragma once
// What a check found, printed as it is found: a heading for each subject, a line for each thing, what to do below it.

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace crm::app {

// What to do: prose is wrapped, lines of SQL or configuration stay as they are, to be copied.
struct Step {
  enum class Kind { prose, code };
  Kind kind;
  std::string text;
};
using Advice = std::vector<Step>;

Step say(std::string text);
Step type(std::string text);

class Findings {
 public:
  Findings(std::ostream& out, bool colours) : out_(out), colours_(colours) {}

  // Of what follows; printed with the first thing that is found below it.
  void heading(std::string text);

  void ok(std::string_view thing, std::string_view what, const Advice& advice = {});
  void warning(std::string_view thing, std::string_view what, const Advice& advice = {});
  void error(std::string_view thing, std::string_view what, const Advice& advice = {});

  int errors() const { return errors_; }

  // The last line, and the exit code: 1 after an error.
  int finish();

 private:
  struct Verdict {
    std::string_view word;
    std::string_view colour;
  };
  void print(const Verdict& verdict, std::string_view thing, std::string_view what, const Advice& advice);
  std::string coloured(std::string_view text, std::string_view colour) const;

  std::ostream& out_;
  const bool colours_;
  std::string heading_;
  bool begun_ = false;
  int errors_ = 0;
  int warnings_ = 0;
};

}  // namespace crm::app
