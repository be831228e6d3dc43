#pragma once
// Texts that are compared with a file in the repository.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace crm::testing {

// Nothing if the file holds exactly this text. Otherwise says where they differ, first lines first. With
// CRM_UPDATE_GOLDEN=1 in the environment the file (and its folder) is written instead and nothing is returned; throws
// std::runtime_error if it cannot be.
//
//   EXPECT_EQ(differs_from_golden(text, folder / "metrics.txt"), std::nullopt);
std::optional<std::string> differs_from_golden(std::string_view text, const std::filesystem::path& file);

}  // namespace crm::testing
