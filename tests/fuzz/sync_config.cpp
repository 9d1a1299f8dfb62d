// The sync program's configuration. libcurl's own reading of an address is the validate of ours: the terminal's secret
// must never leave this machine unencrypted because the two understood an address differently.
#include <memory>

#include <curl/curl.h>

#include "survey/base/check.h"
#include "sync/client/config.h"
#include "tests/fuzz/targets.h"
#include "tests/support/temporary_folder.h"

namespace hailong::fuzz {
namespace {

using survey::check;

std::string part(CURLU* url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
    const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
    return text;
}

void check_backend(const std::string& backend) {
    check(sync::parse_backend(backend) == backend, "an address that was taken is taken again");
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
    if (curl_url_set(url.get(), CURLUPART_URL, (backend + "/v1").c_str(), 0) != CURLUE_OK) return;
    const std::string scheme = part(url.get(), CURLUPART_SCHEME);
    const std::string host = part(url.get(), CURLUPART_HOST);
    check(scheme == "https" || host == "127.0.0.1" || host == "localhost" || host == "[::1]",
          "without encryption nothing leaves this machine");
    check(part(url.get(), CURLUPART_USER).empty(), "an address names no user");
}

}  // namespace

void sync_config(std::string_view input) {
    static const tests::TemporaryFolder folder;
    const auto config = sync::parse_config(input, folder.path());
    if (!config) return check(!config.error().empty(), "a refused configuration has a fault");
    check(survey::is_identifier(config->kiosk.text), "a terminal has a name");
    check(!config->journal.empty() && !config->identity.empty(), "nothing that is needed is missing");
    check(config->retention.count() > 0, "what was delivered stays for a while");
    check(config->answer_timeout.count() >= 1'000 && config->connect_timeout.count() >= 1'000, "no wait is endless");
    check_backend(config->backend);
}

}  // namespace hailong::fuzz
