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
#include "sync/backend/ingest/reprocess.h"
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
    Importer(const survey::Clock& clock, std::ostream& out, std::ostream& err) : clock_(clock), out_(out), err_(err) {}

    Exit run(const InitOptions& options) {
        const auto documents = read_documents(options);
        if (!documents) return stop();
        if (options.is_dry_run) return show(options, *documents);
        std::error_code error;
        fs::create_directories(options.data, error);
        if (error) {
            return refuse(err_, "can't create " + options.data.string() + ": " + error.message() +
                                    "; choose a folder that this user can write to");
        }
        auto store = open_sqlite_store(options.data / kStoreFile, OpenMode::create);
        if (!store) return refuse(err_, store.error());
        if (const Exit imported = import(options, *documents, **store); imported != Exit::done) return imported;
        out_ << "store: " << (options.data / kStoreFile).string() << '\n';
        const Exit made = make_keys(options.data, **store);
        if (made == Exit::done) reprocess(**store);
        return made;
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

    Exit import(const InitOptions& options, const DocumentImport& documents, Store& store) {
        auto transaction = until_not_busy([&] { return store.write(); });
        if (!transaction) return refuse(err_, transaction.error());
        if (const Exit checked = check_keys(options, **transaction); checked != Exit::done) return checked;
        auto known = read_known(**transaction, documents.center.value.id);
        if (!known) return refuse(err_, known.error());
        const ImportPlan plan = plan_import(documents, std::move(*known), {account(), clock_.now()});
        if (!told_well(plan)) return stop();
        const auto written = write_import(plan, **transaction);
        if (!written) return refuse(err_, written.error());
        const auto committed = (*transaction)->commit();
        if (!committed) return refuse(err_, committed.error());
        tell(documents, plan);
        return Exit::done;
    }

    /// What the same without --dry-run would do.
    Exit show(const InitOptions& options, const DocumentImport& documents) {
        KnownDocuments known;
        std::error_code error;
        if (fs::exists(options.data / kStoreFile, error)) {
            auto store = open_store(options.data);
            if (!store) return refuse(err_, store.error());
            const auto reader = (*store)->read();
            if (!reader) return refuse(err_, reader.error());
            if (const Exit checked = check_keys(options, **reader); checked != Exit::done) return checked;
            auto found = read_known(**reader, documents.center.value.id);
            if (!found) return refuse(err_, found.error());
            known = std::move(*found);
        } else {
            out_ << "there is no store in " << options.data.string() << " yet: it would be created\n";
        }
        const ImportPlan plan = plan_import(documents, std::move(known), {account(), clock_.now()});
        if (!told_well(plan)) return stop();
        tell(documents, plan);
        out_ << "Nothing was changed; without --dry-run it is done.\n";
        return Exit::done;
    }

    bool told_well(const ImportPlan& plan) {
        for (const PlacedFaults& one : plan.faults)
            tell(one.faults, one.place);
        return faults_ == 0;
    }

    void tell(const DocumentImport& documents, const ImportPlan& plan) {
        const survey::Center& center = documents.center.value;
        out_ << "center " << center.id.text << ": " << center.counters.size() << " counters, " << center.officers.size()
             << " officers, " << center.procedures.size() << " procedures\n"
             << "questionnaires: " << documents.questionnaires.size() << " read, " << plan.questionnaires.size()
             << " new\n";
        for (const std::string& change : plan.changes)
            out_ << "change: " << printable(change) << '\n';
        if (composed_ > 0) out_ << "texts: " << composed_ << " were decomposed and are kept composed (NFC)\n";
        if (plan.changes.empty()) out_ << "change: nothing\n";
    }

    /// Documents may be what records waited for. The service does it by itself when it runs.
    void reprocess(Store& store) {
        const auto done = until_not_busy([&] { return reprocess_all(store, clock_.now()); });
        if (!done) {
            err_ << "what is quarantined was not validated again: " << printable(describe(done.error()))
                 << ". The service does it by itself; `hailong-backend reprocess` does it now\n";
        } else if (done->looked_at > 0) {
            out_ << "quarantined: " << done->looked_at << ", of which " << done->reprocessed << " count from now on\n";
        }
    }

    Exit make_keys(const fs::path& data, Store& store) {
        const auto made = make_missing_keys(data);
        if (!made) return refuse(err_, made.error());
        for (const std::string& name : *made)
            out_ << "made keys/" << name << '\n';
        const auto keys = load_keys(data);
        if (!keys) return refuse(err_, keys.error());
        const auto remembered = until_not_busy([&] {
            return with_transaction(store, [&](Transaction& writer) { return remember_keys(*keys, writer.facts()); });
        });
        if (!remembered) return refuse(err_, remembered.error());
        if (std::find(made->begin(), made->end(), text_key_file(data).filename()) != made->end()) {
            out_ << "text.key opens people's comments. Split it (hailong-backend keys split), keep it off this "
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

    const survey::Clock& clock_;
    std::ostream& out_;
    std::ostream& err_;
    std::size_t faults_ = 0;
    std::size_t composed_ = 0;  // texts whose letters came in pieces
};

}  // namespace

Exit init(const InitOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    return Importer(clock, out, err).run(options);
}

}  // namespace hailong::sync
