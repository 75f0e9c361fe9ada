@testable import DigidelAPI

/// Reads the OpenMetrics text format 1.0 as strictly as its standard is written, as far as this service writes it.
enum OpenMetricsReader {
    /// The kinds of the families, by their names. Throws `ContractError` for a text that is not OpenMetrics.
    @discardableResult
    static func check(_ text: String) throws -> [String: String] {
        guard text.hasSuffix("# EOF\n") else { throw ContractError("does not end with # EOF") }
        var reader = Reader()
        let lines = text.dropLast("# EOF\n".count).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast()
        for line in lines {
            do {
                try reader.read(String(line))
            } catch let error as ContractError {
                throw ContractError("\(error) in: \(line)")
            }
        }
        try reader.endFamily()
        return reader.kinds
    }

    private struct Reader {
        var kinds: [String: String] = [:]
        private var family = ""
        private var described: Set<String> = []
        /// The samples of the family, to find one that is there twice.
        private var samples: Set<String> = []
        /// The classes of one histogram: its other labels, the last bound and what was counted up to it.
        private var classes: (labels: String, bound: Double, count: Double)?
        private var counts: [String: Double] = [:]

        mutating func read(_ line: String) throws {
            if line.hasPrefix("# ") {
                return try describe(line.dropFirst(2).split(separator: " ", maxSplits: 2))
            }
            guard
                let match = line.wholeMatch(
                    of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.e+\-]+|\+Inf|NaN)/),
                let value = Double(match.3 == "+Inf" ? "inf" : String(match.3))
            else { throw ContractError("no sample") }
            let name = String(match.1)
            let labels = try labels(match.2.map(String.init) ?? "")
            guard let kind = kinds[family] else { throw ContractError("a sample before its TYPE") }
            guard samples.insert("\(name) \(labels.sorted { $0.0 < $1.0 })").inserted else {
                throw ContractError("twice")
            }
            switch kind {
            case "counter":
                guard name == "\(family)_total", value >= 0 else {
                    throw ContractError("no sample of a counter")
                }
            case "gauge":
                guard name == family else { throw ContractError("no sample of a gauge") }
            default: try readHistogram(name, labels, value, written: String(match.3))
            }
        }

        private mutating func describe(_ parts: [Substring]) throws {
            guard parts.count == 3 else { throw ContractError("no descriptor") }
            let (keyword, name, text) = (String(parts[0]), String(parts[1]), String(parts[2]))
            if keyword == "TYPE" {
                try endFamily()
                guard kinds[name] == nil else { throw ContractError("a family twice") }
                guard ["counter", "gauge", "histogram"].contains(text) else { throw ContractError("a kind") }
                if text == "counter", name.hasSuffix("_total") { throw ContractError("a counter's name") }
                if text != "histogram",
                    ["_count", "_sum", "_bucket", "_created"].contains(where: name.hasSuffix)
                {
                    throw ContractError("a reserved suffix")
                }
                kinds[name] = text
                family = name
                described = []
                samples = []
            }
            guard name == family, samples.isEmpty, described.insert(keyword).inserted else {
                throw ContractError("a descriptor out of its place")
            }
            switch keyword {
            case "TYPE", "HELP": break
            case "UNIT":
                guard name.hasSuffix("_\(text)") else { throw ContractError("a name without its unit") }
            default: throw ContractError("a keyword")
            }
        }

        private func labels(_ text: String) throws -> [(String, String)] {
            var rest = text[...]
            var labels: [(String, String)] = []
            while !rest.isEmpty {
                guard
                    let match = rest.prefixMatch(
                        of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,(?=.)|$)/),
                    !labels.contains(where: { $0.0 == match.1 })
                else { throw ContractError("labels") }
                labels.append((String(match.1), String(match.2)))
                rest = rest[match.range.upperBound...]
            }
            return labels
        }

        private mutating func readHistogram(
            _ name: String, _ labels: [(String, String)], _ value: Double, written: String
        ) throws {
            let others = "\(labels.filter { $0.0 != "le" }.sorted { $0.0 < $1.0 })"
            switch name {
            case "\(family)_bucket":
                guard let bound = labels.first(where: { $0.0 == "le" })?.1,
                    let number = Double(bound == "+Inf" ? "inf" : bound),
                    bound == "+Inf" || bound.contains(".") || bound.contains("e")
                else { throw ContractError("a class without a bound") }
                if let classes, classes.labels == others {
                    guard classes.bound < number, classes.count <= value else {
                        throw ContractError("classes")
                    }
                }
                classes = (others, number, value)
            case "\(family)_count":
                guard classes?.labels == others, classes?.bound == .infinity, classes?.count == value else {
                    throw ContractError("a count that is not the last class's")
                }
                counts[others] = value
            case "\(family)_sum":
                guard counts[others] != nil else { throw ContractError("a sum without a count") }
                classes = nil
            default: throw ContractError("no sample of a histogram")
            }
        }

        /// Every family has a HELP of ours.
        mutating func endFamily() throws {
            guard family.isEmpty || described.contains("HELP") else {
                throw ContractError("no HELP: \(family)")
            }
            guard classes == nil else { throw ContractError("a histogram that does not end: \(family)") }
            counts = [:]
        }
    }
}
