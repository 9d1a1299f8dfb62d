// What people must look at. Append-only.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sync/backend/model/incident.h"
#include "sync/backend/store/documents.h"

namespace hailong::sync {

class IncidentReader {
  public:
    virtual ~IncidentReader() = default;
    /// The newest `count_max`, oldest of them first.
    [[nodiscard]] virtual StoreResult<std::vector<Incident>> newest(std::size_t count_max) = 0;
};

class IncidentWriter : public IncidentReader {
  public:
    /// Keeps each once for (kiosk, kind, detail), with its first time.
    [[nodiscard]] virtual StoreResult<void> add(std::span<const Incident> incidents) = 0;
};

}  // namespace hailong::sync
