#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "survey/base/host.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/ingest/document_texts.h"
#include "sync/backend/ingest/import_documents.h"
#include "sync/backend/store/until_not_busy.h"
#include "sync/backend/store/with_transaction.h"
#include "sync/backend/terminals/enrolment.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// Most files read from a folder of questionnaires: a province has a handful.
constexpr std::size_t kQuestionnaireFilesMax = 500;

class Importer {
  public:
    explicit Importer(std::ostream& err) : err_(err) {}

    Exit run(const InitOptions& options, std::ostream& out) {
        const auto documents = read_documents(options);
        if (!documents) return stop();
        std::error_code error;
        fs::create_directories(options.data, error);
        if (error) {
            return refuse(err_, "can't create " + options.data.string() + ": " + error.message() +
                                    "; choose a folder that this user can write to");
        }
        auto store = open_sqlite_store(options.data / kStoreFile, OpenMode::create);
        if (!store) return refuse(err_, store.error());
        auto transaction = (*store)->write();
        if (!transaction) return refuse(err_, transaction.error());
        if (const Exit checked = check_keys(options, **transaction); checked != Exit::done) return checked;
        const auto imported = import_documents(*documents, **transaction);
        if (!imported) return refuse(err_, imported.error());
        for (const PlacedFaults& one : imported->faults)
            tell(one.faults, one.place);
        if (faults_ > 0) return stop();
        const auto committed = (*transaction)->commit();
        if (!committed) return refuse(err_, committed.error());
        const survey::Center& center = documents->center.value;
        out << "center " << center.id.text << ": " << center.counters.size() << " counters, " << center.officers.size()
            << " officers, " << center.procedures.size() << " procedures\n"
            << "questionnaires: " << documents->questionnaires.size() << " read, " << imported->questionnaires_added
            << " new\n"
            << (composed_ == 0
                    ? std::string()
                    : "texts: " + std::to_string(composed_) + " were decomposed and are kept composed (NFC)\n")
            << "store: " << (options.data / kStoreFile).string() << '\n';
        transaction->reset();
        return make_keys(options.data, **store, out);
    }

  private:
    /// Terminals believe only the keys that they were enrolled with: lost ones are not made anew unasked.
    Exit check_keys(const InitOptions& options, Snapshot& reader) {
        const std::vector<std::string> missing = missing_keys(options.data);
        if (options.new_keys) return Exit::done;
        if (missing.empty()) {
            const auto keys = load_keys_of_store(options.data, reader.facts());
            return keys ? Exit::done : refuse(err_, keys.error());
        }
        const auto is_relied_on = any_terminal_has_key(reader.terminals());
        if (!is_relied_on) return refuse(err_, is_relied_on.error());
        if (!*is_relied_on) return Exit::done;
        return refuse(err_, "keys/" + missing.front() +
                                " is missing, and terminals rely on it. Nothing was changed; put the folder keys of a "
                                "backup back. Only when every copy is lost for good, start again with --new-keys and "
                                "enrol every terminal anew: what was sealed for the lost keys stays closed for ever");
    }

    Exit make_keys(const fs::path& data, Store& store, std::ostream& out) {
        const auto made = make_missing_keys(data);
        if (!made) return refuse(err_, made.error());
        for (const std::string& name : *made)
            out << "made keys/" << name << '\n';
        const auto keys = load_keys(data);
        if (!keys) return refuse(err_, keys.error());
        const auto remembered = until_not_busy([&] {
            return with_transaction(store, [&](Transaction& writer) { return remember_keys(*keys, writer.facts()); });
        });
        if (!remembered) return refuse(err_, remembered.error());
        if (std::find(made->begin(), made->end(), text_key_file(data).filename()) != made->end()) {
            out << "text.key opens people's comments. Split it (hailong-backend keys split), keep it off this "
                   "machine, "
                   "and delete it here: all but opening texts works without it. Back up the others.\n";
        }
        return Exit::done;
    }

    void tell(const survey::Faults& faults, const std::string& file) {
        err_ << survey::describe(faults, file) << '\n';
        faults_ += faults.size();
    }
    Exit stop() const {
        return refuse(err_, "nothing was imported because of " + std::to_string(faults_) +
                                (faults_ == 1 ? " fault" : " faults") + "; mend what is named above and start again");
    }

    /// Every file; nothing when one of them can't be used.
    std::optional<DocumentImport> read_documents(const InitOptions& options) {
        auto center = read<survey::Center>(options.center, DocumentKind::center, survey::parse_center);
        std::vector<ImportedDocument<survey::Questionnaire>> questionnaires;
        for (const fs::path& file : files_in(options.questionnaires)) {
            auto one = read<survey::Questionnaire>(file, DocumentKind::questionnaire, survey::parse_questionnaire);
            if (one) questionnaires.push_back(std::move(*one));
        }
        if (!center || faults_ > 0) return std::nullopt;
        return DocumentImport{std::move(*center), std::move(questionnaires), options.questionnaires.string()};
    }

    template <class Value, class Parse>
    std::optional<ImportedDocument<Value>> read(const fs::path& file, DocumentKind kind, Parse&& parse) {
        auto json = survey::read_file(file);
        if (!json) {
            err_ << json.error() << '\n';
            ++faults_;
            return std::nullopt;
        }
        auto prepared = prepared_document(*json, kind);
        if (!prepared) {
            tell(prepared.error(), file.string());
            return std::nullopt;
        }
        auto value = parse(prepared->json);
        survey::Faults faults = std::move(prepared->faults);
        if (!value) add_unsaid(value.error(), faults);
        if (!faults.empty()) {
            tell(faults, file.string());
            return std::nullopt;
        }
        composed_ += prepared->composed;
        return ImportedDocument<Value>{file.string(), std::move(prepared->json), std::move(*value)};
    }

    std::vector<fs::path> files_in(const fs::path& folder) {
        std::vector<fs::path> files;
        std::error_code error;
        for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
            if (at->path().extension() == ".json") files.push_back(at->path());
        }
        std::sort(files.begin(), files.end());
        const auto fault = [&](const std::string& what, const std::string& remedy) {
            tell({{"", what, remedy}}, folder.string());
            files.clear();
        };
        if (error) {
            fault("can't be read: " + error.message(), "name the folder that holds the questionnaires' files");
        } else if (files.empty()) {
            fault("holds no .json file", "name the folder that holds the questionnaires' files");
        } else if (files.size() > kQuestionnaireFilesMax) {
            fault("holds more than " + std::to_string(kQuestionnaireFilesMax) + " .json files",
                  "name a folder that holds questionnaires alone");
        }
        return files;
    }

    /// What is said of a place already is not said again in other words.
    static void add_unsaid(const survey::Faults& more, survey::Faults& faults) {
        for (const survey::Fault& fault : more) {
            const bool is_said = std::any_of(faults.begin(), faults.end(), [&](const survey::Fault& said) {
                return said.place == fault.place && said.what == fault.what;
            });
            if (!is_said) faults.push_back(fault);
        }
    }

    std::ostream& err_;
    std::size_t faults_ = 0;
    std::size_t composed_ = 0;  // texts whose letters came in pieces
};

}  // namespace

Exit init(const InitOptions& options, std::ostream& out, std::ostream& err) {
    return Importer(err).run(options, out);
}

}  // namespace hailong::sync
