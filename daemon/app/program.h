#pragma once
// The program: command line → command.

#include <Poco/Util/ServerApplication.h>

#include "app/command_line.h"

namespace crm::app {

class Program final : public Poco::Util::ServerApplication {
 public:
  // Parses, runs the command, returns the exit code: 2 for a command line that cannot be understood.
  int start(int argc, char** argv);

 private:
  void defineOptions(Poco::Util::OptionSet& options) override;
  void handleOption(const std::string& name, const std::string& value) override;
  int main(const std::vector<std::string>& words) override;
  void handle_migrate_option(const std::string& name, const std::string& value);
  void handle_rollup_option(const std::string& name, const std::string& value);
  void refuse_foreign_options() const;
  void refuse_options_that_do_not_fit() const;
  int obey() const;

  CommandLine line_;
  bool help_ = false;
  std::vector<std::string> given_;  // the options, by name
};

}  // namespace crm::app
