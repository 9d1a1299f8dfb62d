// The commands as a person types them, over a data folder of the test's own.
#pragma once

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "sync/backend/cli/commands.h"
#include "sync/backend/service/service.h"
#include "sync/backend/store/data_folder.h"
#include "sync/backend/terminals/keys.h"
#include "sync/protocol/enrolment.h"
#include "tests/sync/backend/fixed_clock.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync::sample {

inline const std::filesystem::path kAssets = std::filesystem::path(HAILONG_SOURCE_DIR) / "assets";

struct Ran {
    int status = 0;
    std::string out;
    std::string err;
};

/// `hailong-backend` with those arguments.
inline Ran run_command(const std::vector<std::string>& texts, const FixedClock& clock) {
    std::vector<const char*> arguments = {"hailong-backend"};
    for (const std::string& word : texts)
        arguments.push_back(word.c_str());
    std::ostringstream out;
    std::ostringstream err;
    const int status =
        run_backend(static_cast<int>(arguments.size()), arguments.data(), Service::start, clock, out, err);
    return {status, out.str(), err.str()};
}

/// Starts the service over that folder and ends it: what it says.
inline std::string serve(const std::filesystem::path& data) {
    std::string said;
    ServiceSettings settings;
    settings.data = data;
    settings.assets = kAssets;
    settings.port = 0;
    settings.log = [&](const std::string& sentence) { said += sentence + '\n'; };
    const FixedClock clock;
    const auto service = Service::start(settings, clock);
    EXPECT_TRUE(service) << (service ? "" : service.error());
    return said;
}

class Commands : public ::testing::Test {
  protected:
    Ran run(const std::vector<std::string>& texts) { return run_command(texts, clock_); }
    std::filesystem::path write(const std::string& name, const std::string& text) {
        const std::filesystem::path path = folder_.path() / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
        return path;
    }
    std::string data() const { return (folder_.path() / "data").string(); }
    Ran init(const std::string& center = (kAssets / "demo" / "center.json").string(),
             const std::string& questionnaires = (kAssets / "questionnaires").string()) {
        return run({"init", "--data", data(), "--center", center, "--questionnaires", questionnaires});
    }
    std::unique_ptr<Snapshot> reader() {
        store_ = must(open_sqlite_store(std::filesystem::path(data()) / kStoreFile, OpenMode::existing));
        return must(store_->read());
    }

    sample::TemporaryFolder folder_;
    sample::FixedClock clock_;
    std::unique_ptr<Store> store_;
};

/// A terminal's request with the key of that name, proven.
inline EnrolmentRequest enrolment_request(const std::string& code, const std::string& kiosk = "K1",
                                          const std::string& key = "K1") {
    EnrolmentRequest request;
    request.code = *parse_code(code);
    request.kiosk = {kiosk};
    request.public_key = survey::public_half(sign_key(key));
    request.proof = survey::sign(proof_text(request), sign_key(key));
    return request;
}

}  // namespace hailong::sync::sample
