/// Writes metrics in the OpenMetrics text format, version 1.0.0. Names are those of OpenTelemetry's semantic conventions.
struct OpenMetrics {
    private(set) var text = ""

    /// The kinds of metric that there are here.
    enum Kind: String {
        case counter, gauge, histogram
    }

    /// Begins a family; its samples follow.
    mutating func family(_ name: String, _ kind: Kind, unit: String? = nil, help: String) {
        text += "# TYPE \(name) \(kind.rawValue)\n"
        if let unit { text += "# UNIT \(name) \(unit)\n" }
        text += "# HELP \(name) \(help)\n"
    }

    /// One sample.
    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }

    /// A histogram's samples: the classes with all below them, the count and the sum.
    mutating func histogram(_ name: String, _ labels: [(String, String)], _ histogram: Histogram) {
        var count = 0
        for (index, bound) in Histogram.bounds.enumerated() {
            count += histogram.counts[index]
            sample("\(name)_bucket", labels + [("le", bound.seconds)], "\(count)")
        }
        sample("\(name)_bucket", labels + [("le", "+Inf")], "\(histogram.count)")
        sample("\(name)_count", labels, "\(histogram.count)")
        sample("\(name)_sum", labels, "\(Double(histogram.sumMicroseconds) / 1_000_000)")
    }

    /// Ends the exposition.
    mutating func end() {
        text += "# EOF\n"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
