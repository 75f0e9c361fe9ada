import HTTP
import Postgres

extension App {
    /// Many reports at once: an outcome for each of them, and what they do to the goals.
    func recordBatch(_ call: Call) async throws -> Response {
        var query = try call.query()
        let options = try BatchOptions(&query)
        guard let format = BatchFormat(contentType: call.request.fields["Content-Type"]) else {
            throw APIError(.unsupportedMediaType, "Send \(BatchFormat.mediaTypes.joined(separator: ", ")).")
        }
        let rows = try BatchRows(call.request.body, format)
        let intake = CountIntake(
            app: self, caller: try call.identified, author: call.countAuthor, now: call.now,
            onExisting: options.onExisting, reason: options.reason)
        let answer = try await answer(to: rows, options, intake)
        var json = JSONWriter(capacity: 128 * rows.count + 1024)
        answer.write(to: &json)
        return Response(
            .ok, fields: ["Content-Type": "application/json", "Cache-Control": "no-store"], body: json.bytes)
    }

    private func answer(
        to rows: BatchRows, _ options: BatchOptions, _ intake: CountIntake
    ) async throws -> BatchAnswer {
        if options.mode == .partial, !options.isDryRun {
            let answer = try await take(rows, options, intake)
            tally(answer.tallies)
            return answer
        }
        return try await tentatively { app in
            var intake = intake
            intake.app = app
            var answer = try await app.take(rows, options, intake)
            let fails = options.mode == .atomic && answer.hasRejected
            if fails { answer.rollBack() }
            app.tally(answer.tallies)
            return (answer, lasts: !fails && !options.isDryRun)
        }
    }

    /// How many rows are recorded together: few enough that others need not wait long for the ledger.
    private static let chunk = 500

    private func take(
        _ rows: BatchRows, _ options: BatchOptions, _ intake: CountIntake
    ) async throws -> BatchAnswer {
        var answer = BatchAnswer(options)
        var effect = BatchEffect()
        var rows = rows
        var counts = await answer.takeCounts(from: &rows, atMost: Self.chunk)
        while !counts.isEmpty {
            let inputs = counts.map(\.input)
            // While the database records these the next are read.
            async let recorded = intake.take(inputs)
            let next = await answer.takeCounts(from: &rows, atMost: Self.chunk)
            for (count, outcome) in zip(counts, try await recorded) {
                answer.add(BatchOutcome(outcome), at: count.index)
                effect.add(outcome)
            }
            counts = next
        }
        answer.goals = try await goals(touchedBy: effect, at: intake.now)
        return answer
    }

    /// The goals that have moved, with their values today: after what has been recorded, and what that made of them.
    private func goals(touchedBy effect: BatchEffect, at now: Instant) async throws -> [BatchGoal] {
        var goals: [BatchGoal] = []
        for (id, change) in try await database.goalChanges(by: effect, at: now) {
            guard let basis = try await database.goalBasis(id: id, showsDrafts: true) else { continue }
            let after = GoalFormula(basis.terms, changes: basis.changes, on: basis.today(at: now)).value
            goals.append(BatchGoal(goal: id, before: after - change, after: after))
        }
        return goals
    }
}

extension BatchAnswer {
    /// The next counts; what lies between them and is none is rejected. Lets others on the lane go on meanwhile.
    fileprivate mutating func takeCounts(
        from rows: inout BatchRows, atMost limit: Int
    ) async -> [(index: Int, input: ParticipantCountInput)] {
        var counts: [(index: Int, input: ParticipantCountInput)] = []
        while counts.count < limit, let row = rows.next() {
            if row.index.isMultiple(of: 20) { await Task.yield() }
            switch row.content {
            case .count(let input): counts.append((row.index, input))
            case .rejected(let faults): add(.rejected(faults), at: row.index)
            }
        }
        return counts
    }
}

extension BatchOutcome {
    fileprivate init(_ outcome: CountIntake.Outcome) {
        switch outcome {
        case .created(let count): self.init(.created, count)
        case .revised(let count): self.init(.revised, count)
        case .unchanged(let count): self.init(.unchanged, count)
        case .rejected(let error): self = .rejected(error.faults)
        }
    }

    private init(_ kind: Kind, _ count: ParticipantCount) {
        self.init(kind: kind, id: count.uuid, revision: count.currentRevision)
    }
}
