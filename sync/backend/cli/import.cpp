#include <filesystem>
#include <ostream>
#include <string>

#include "survey/base/host.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/terminals/bundle_import.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// One bundle: taken in, answered, told.
class BundleImporter {
  public:
    BundleImporter(const ImportOptions& options, const ImportParts& parts, std::ostream& out, std::ostream& err)
        : options_(options), parts_(parts), out_(out), err_(err) {}

    Exit take(const fs::path& file) {
        const auto bytes = survey::read_file(file, kBundleBytesMax);
        if (!bytes) return refuse(err_, bytes.error());
        const auto imported = import_bundle(*bytes, parts_);
        if (!imported) return refuse(err_, file.string() + ": nothing was taken: " + imported.error());
        if (imported->former) return refuse(err_, file.string() + ": " + sentence_of(*imported));
        const fs::path answer_file = answer_for(file);
        const auto written = survey::write_file(answer_file, encode(imported->answer, parts_.keys.sign));
        if (!written) return refuse(err_, written.error() + "; import the bundle again, with --answer-dir");
        out_ << file.string() << ": " << imported->label.kiosk.text << ", records " << imported->label.first_seq
             << " to " << imported->label.last_seq << ": " << imported->accepted << " new (" << imported->quarantined
             << " quarantined), " << imported->duplicates << " stored before; answer: " << answer_file.string() << '\n';
        for (const std::string& sentence : imported->left_out)
            err_ << file.string() << ": left out: " << printable(sentence) << '\n';
        if (!imported->problem && imported->left_out.empty()) return Exit::done;
        if (!imported->problem) {
            return refuse(err_, file.string() +
                                    ": the rest was taken. Carry the answer back to the terminal and export anew: it "
                                    "packs again what was left out. Keep this file until that is stored: it may hold "
                                    "what the terminal has lost since");
        }
        return refuse(err_, file.string() + ": " + std::string(name(imported->problem->kind)) + ": " +
                                printable(imported->problem->detail) +
                                (imported->problem->kind == ProblemKind::malformed
                                     ? ". Importing it again does not help; export anew at the terminal, and keep this "
                                       "file: it may hold what the terminal has lost since"
                                     : "; carry the answer back to the terminal, it says what to do"));
    }

  private:
    /// A bundle that was packed before its terminal was enrolled anew.
    static std::string sentence_of(const ImportedBundle& imported) {
        const std::string begun = "it was packed before \"" + imported.label.kiosk.text +
                                  "\" was enrolled anew: nothing of it was taken, and no answer was written. ";
        if (imported.former->unknown == 0) {
            return begun + "All of its " + std::to_string(imported.former->records) +
                   " answers are stored here already: nothing is lost with it";
        }
        return begun + std::to_string(imported.former->unknown) + " of its " +
               std::to_string(imported.former->records) +
               " answers are not stored here. Keep this file. Its numbers are those of the disk that packed it, and "
               "may "
               "be other answers' by now, so that they can't be taken from here. While that disk is in its terminal, "
               "it "
               "sends them by itself: let it connect, or export anew there. If the disk was taken out, put it into its "
               "terminal again and enrol that with a new code of `hailong-backend enroll`: it sends what is missing "
               "under new numbers, each answer counts once, and then the other disk can be put back and enrolled the "
               "same way. If the disk is lost, these answers stand in this file alone: call support";
    }

    fs::path answer_for(const fs::path& file) const {
        const fs::path folder = options_.answer_folder.empty() ? file.parent_path() : options_.answer_folder;
        return folder / (file.filename().string() + ".answer");
    }

    const ImportOptions& options_;
    const ImportParts& parts_;
    std::ostream& out_;
    std::ostream& err_;
};

}  // namespace

Exit import_bundles(const ImportOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    auto store = open_store(options.data);
    if (!store) return refuse(err, store.error());
    const auto keys = load_keys_of(options.data, **store);
    if (!keys) return refuse(err, keys.error());
    ReferenceCache references;
    const ImportParts parts{**store, references, *keys, clock};
    BundleImporter importer(options, parts, out, err);
    Exit exit = Exit::done;
    for (const fs::path& file : options.bundles) {
        if (importer.take(file) != Exit::done) exit = Exit::refused;
    }
    return exit;
}

}  // namespace hailong::sync
